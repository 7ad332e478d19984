"""The process that opens files nobody vouches for. It imports nothing else of the product (ADR 0012)."""
