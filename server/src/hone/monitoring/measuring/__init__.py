"""How each kind of monitor is measured."""
