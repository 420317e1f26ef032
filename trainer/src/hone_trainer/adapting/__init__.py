"""An encoder's last layers, tuned to the labels of a run that asks for it: slopes written out by hand, so that no framework is needed."""
