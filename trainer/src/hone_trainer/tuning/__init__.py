"""Language models that are tuned: elsewhere by a provider (`hosted`), or here (`lora`, with packages of its own).

`conversations` makes conversations of examples, `provider` speaks to a provider, `answers` measures what was tuned by what
it says.
"""
