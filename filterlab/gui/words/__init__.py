"""The texts that the person reads: translation, the choice of the language, and wordings that all rooms share."""
