"""The commands, one module each: arguments in, words and exit status out."""
