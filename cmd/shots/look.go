package main

import (
	"strings"

	"vastdeck/tui/tuitest/cells"
)

// look is a terminal's own colours and the window around it.
type look struct {
	fg, bg string
	bar    string
	title  string
	lights [3]string
	edge   string
}

var dark = look{
	fg: "#cdd6f4", bg: "#1e1e2e", bar: "#181825", title: "#9399b2", edge: "#313244",
	lights: [3]string{"#f38ba8", "#f9e2af", "#a6e3a1"},
}

var light = look{
	fg: "#4c4f69", bg: "#eff1f5", bar: "#dce0e8", title: "#6c6f85", edge: "#bcc0cc",
	lights: [3]string{"#d20f39", "#df8e1d", "#40a02b"},
}

// lookOf gives the terminal a screen is drawn in: a light one when its name ends in "-light".
func lookOf(name string) look {
	if strings.HasSuffix(name, "-light") {
		return light
	}
	return dark
}

// colours gives the colours in which a cell is drawn.
func (l look) colours(s cells.Style) (fg, bg string) {
	fg, bg = l.fg, l.bg
	if s.Fg != "" {
		fg = s.Fg
	}
	if s.Bg != "" {
		bg = s.Bg
	}
	if s.Has(cells.Reverse) {
		fg, bg = bg, fg
	}
	return fg, bg
}
