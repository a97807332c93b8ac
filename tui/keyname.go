package tui

import (
	"strings"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

// namedKeys are the keys that are written as a word.
var namedKeys = map[string]rune{
	"enter": tea.KeyEnter, "tab": tea.KeyTab, "esc": tea.KeyEscape, "space": tea.KeySpace, "backspace": tea.KeyBackspace,
	"delete": tea.KeyDelete, "insert": tea.KeyInsert, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight,
	"home": tea.KeyHome, "end": tea.KeyEnd, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown,
	"f1": tea.KeyF1, "f2": tea.KeyF2, "f3": tea.KeyF3, "f4": tea.KeyF4, "f5": tea.KeyF5, "f6": tea.KeyF6,
	"f7": tea.KeyF7, "f8": tea.KeyF8, "f9": tea.KeyF9, "f10": tea.KeyF10, "f11": tea.KeyF11, "f12": tea.KeyF12,
}

// keyOf reads the name of a key as this program writes it: "r", "R", "ctrl+r",
// "alt+left", "f5", "space". A letter is what is typed, so there is no shift+r.
func keyOf(name string) (tea.KeyPressMsg, bool) {
	rest, mod := name, tea.KeyMod(0)
	for _, m := range []struct {
		text string
		mod  tea.KeyMod
	}{{"ctrl+", tea.ModCtrl}, {"alt+", tea.ModAlt}, {"shift+", tea.ModShift}} {
		if after, ok := strings.CutPrefix(rest, m.text); ok && after != "" {
			rest, mod = after, mod|m.mod
		}
	}
	if code, ok := namedKeys[rest]; ok {
		k := tea.KeyPressMsg{Code: code, Mod: mod}
		if rest == "space" && mod == 0 {
			k.Text = " "
		}
		return k, true
	}
	r, size := utf8.DecodeRuneInString(rest)
	if size != len(rest) || r == utf8.RuneError || !unicode.IsPrint(r) || unicode.IsSpace(r) || mod&tea.ModShift != 0 {
		return tea.KeyPressMsg{}, false
	}
	if mod == 0 {
		return tea.KeyPressMsg{Code: r, Text: rest}, true
	}
	if unicode.IsUpper(r) {
		return tea.KeyPressMsg{}, false // no terminal tells ctrl+R from ctrl+r
	}
	return tea.KeyPressMsg{Code: r, Mod: mod}, true
}
