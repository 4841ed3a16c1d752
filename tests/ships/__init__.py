"""What ships is built, installed outside any checkout, and started."""
