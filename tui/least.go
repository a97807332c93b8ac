package tui

import "vastdeck/tui/view"

// Least is the smallest screen on which more than a card is drawn, in cells.
func Least() view.Size { return view.Size{W: leastW, H: leastH} }
