"""``python -m netralitas_nlp`` is ``netralitas``, as ``torchrun -m`` needs it."""

from netralitas_nlp.cli.app import main

if __name__ == "__main__":
    main()
