"""The kernel: what every domain stands on. It knows no word of the product."""
