"""Creating an account: three doors, eight steps, each with an address of its own (U-01)."""
