package tui

import "vastdeck/vastapi"

// A key that may do everything was refused nothing.

func (world) Refusals() vastapi.Refusals  { return vastapi.Refusals{} }
func (*shelf) Refusals() vastapi.Refusals { return vastapi.Refusals{} }
func (*park) Refusals() vastapi.Refusals  { return vastapi.Refusals{} }
