"""``python -m netralitas_nlp`` is ``netralitas``; ``torchrun -m netralitas_nlp train …`` needs it."""

from netralitas_nlp.cli.app import main

if __name__ == "__main__":
    main()
