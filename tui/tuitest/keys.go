package tuitest

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// named is what a terminal sends for keys without modifiers.
var named = map[string]string{
	"enter":     "\r",
	"esc":       "\x1b",
	"tab":       "\t",
	"space":     " ",
	"backspace": "\x7f",
}

// csiFinal holds the keys that are CSI 1 ; modifier LETTER.
var csiFinal = map[string]string{
	"up": "A", "down": "B", "right": "C", "left": "D", "home": "H", "end": "F",
	"f1": "P", "f2": "Q", "f3": "R", "f4": "S",
}

// csiTilde holds the keys that are CSI NUMBER ; modifier ~.
var csiTilde = map[string]string{
	"insert": "2", "delete": "3", "pgup": "5", "pgdown": "6",
	"f5": "15", "f6": "17", "f7": "18", "f8": "19", "f9": "20", "f10": "21", "f11": "23", "f12": "24",
}

// modifiers in the order in which Bubble Tea names them, with their bit in xterm's sequences.
var modifiers = []struct {
	name string
	bit  int
}{{"ctrl", 4}, {"alt", 2}, {"shift", 1}}

// keyBytes gives what xterm sends for a key named as Bubble Tea names it: "enter", "shift+tab", "ctrl+c", "alt+left",
// or any single character.
func keyBytes(key string) (string, error) {
	mods, name := splitKey(key)
	if s, ok := namedBytes(mods, name); ok {
		return s, nil
	}
	if utf8.RuneCountInString(name) != 1 {
		return "", fmt.Errorf("no key is called %q; known are single characters and %s", key, strings.Join(keyNames(), " "))
	}
	switch mods {
	case 0:
		return name, nil
	case 2:
		return "\x1b" + name, nil
	case 4:
		if c := name[0]; c >= 'a' && c <= 'z' {
			return string(rune(c - 'a' + 1)), nil
		}
	}
	return "", fmt.Errorf("a terminal sends nothing of its own for %q", key)
}

// namedBytes gives the bytes of a key with a name.
func namedBytes(mods int, name string) (string, bool) {
	if final, ok := csiFinal[name]; ok {
		switch {
		case mods > 0:
			return fmt.Sprintf("\x1b[1;%d%s", mods+1, final), true
		case name[0] == 'f':
			return "\x1bO" + final, true
		}
		return "\x1b[" + final, true
	}
	if number, ok := csiTilde[name]; ok {
		if mods > 0 {
			return fmt.Sprintf("\x1b[%s;%d~", number, mods+1), true
		}
		return "\x1b[" + number + "~", true
	}
	if name == "tab" && mods == 1 {
		return "\x1b[Z", true
	}
	s, ok := named[name]
	switch {
	case !ok:
		return "", false
	case mods == 0:
		return s, true
	case mods == 2 && name != "esc":
		return "\x1b" + s, true
	}
	return "", false
}

// splitKey takes the modifiers off a key's name.
func splitKey(key string) (mods int, name string) {
	for _, m := range modifiers {
		if rest, ok := strings.CutPrefix(key, m.name+"+"); ok && rest != "" {
			mods |= m.bit
			key = rest
		}
	}
	return mods, key
}

// keyNames lists the keys that have a name.
func keyNames() []string {
	var names []string
	for _, table := range []map[string]string{named, csiFinal, csiTilde} {
		for name := range table {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
