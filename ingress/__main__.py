"""`python -m ingress`: the ingress as a process of its own."""

from dotenv import load_dotenv

from ingress.serve import run


def main() -> None:
    """Serve until told to stop."""
    load_dotenv()
    run()


if __name__ == "__main__":
    main()
