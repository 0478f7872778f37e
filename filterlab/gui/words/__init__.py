"""Words for the person: translation, and sentences that the engine put together."""
