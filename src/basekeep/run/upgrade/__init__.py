"""The enterprise upgrade in a run: who is served, what is paid, which devices, how the goal is shared out."""
