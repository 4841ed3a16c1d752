"""The rules that the house keeps about itself: floors, tidiness, the SOP's proofs, what is deployed."""
