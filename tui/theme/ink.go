package theme

import (
	"strings"

	"charm.land/lipgloss/v2"
)

// Ink is a style as the escape sequences before and after a text; both are empty when the text
// needs none. The zero Ink changes nothing.
type Ink struct{ On, Off string }

// Paint returns s in this ink. s must not hold escape sequences of its own: the first reset
// among them would end the ink. An empty s stays empty.
func (k Ink) Paint(s string) string {
	if k.On == "" || s == "" {
		return s
	}
	return k.On + s + k.Off
}

// newInk renders a probe with the style and keeps what stands around it.
func newInk(s lipgloss.Style) Ink {
	const probe = "x"
	on, off, found := strings.Cut(s.Render(probe), probe)
	if !found || on == "" {
		return Ink{}
	}
	return Ink{On: on, Off: off}
}
