"""The desk: the steps of a campaign as pages in the browser of the same computer.

It holds no rule: a page shows what the functions of ``pipeline`` found, a button calls
the one that the command of the same name calls.
"""
