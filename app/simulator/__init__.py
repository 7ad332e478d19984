"""A Pro Santé Connect of the demonstration: a provider that really signs, and people who do not exist.

It shares nothing with the portal but the key both derive the client secret from: the portal reaches it over
HTTP like any other provider. Outside the demonstration it is not mounted.
"""
