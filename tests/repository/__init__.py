"""Our own repository keeps its promises."""
