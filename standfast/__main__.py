"""`python -m standfast`: the command line, where no script is installed."""

from standfast import main

if __name__ == "__main__":
    main()
