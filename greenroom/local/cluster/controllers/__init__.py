"""Just enough of the controllers of a cluster: each looks at objects and moves them towards what they should be."""
