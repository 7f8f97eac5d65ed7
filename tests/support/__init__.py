"""What the tests share: questions, renderer, servers, workers."""
