package solo

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/view"
)

// special are the keys that are no letter, by the name that Bubble Tea gives them.
var special = map[string]tea.Key{
	"up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd}, "pgup": {Code: tea.KeyPgUp},
	"backspace": {Code: tea.KeyBackspace}, "space": {Code: tea.KeySpace, Text: " "},
	"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape}, "tab": {Code: tea.KeyTab},
}

// Key does what the root does with a key: the view's action, else the view. A key whose action cannot be done does
// nothing.
func Key(v view.View, env view.Env, name string) view.Effect {
	for _, a := range v.Actions(env) {
		if slices.Contains(a.Key.Keys(), name) && (a.Typing || !v.Capturing()) {
			if a.Disabled != "" {
				return view.Effect{}
			}
			return a.Do()
		}
	}
	return v.Update(env, Stroke(name))
}

// Stroke is the message of a key.
func Stroke(name string) tea.KeyPressMsg {
	k, ok := special[name]
	if !ok {
		k = tea.Key{Code: []rune(name)[0], Text: name}
	}
	return tea.KeyPressMsg(k)
}

// Press gives keys to a view one after the other, and returns what the last one leads to.
func Press(key func(name string) view.Effect, names ...string) view.Effect {
	var e view.Effect
	for _, name := range names {
		e = key(name)
	}
	return e
}

// Type gives the letters of a text to a view, and returns what the last one leads to.
func Type(key func(name string) view.Effect, text string) view.Effect {
	var e view.Effect
	for _, r := range text {
		name := string(r)
		if r == ' ' {
			name = "space"
		}
		e = key(name)
	}
	return e
}

// Reason is why a key's action cannot be done, "" when it can; "no such key" when there is none.
func Reason(v view.View, env view.Env, key string) string {
	for _, a := range v.Actions(env) {
		if slices.Contains(a.Key.Keys(), key) {
			return a.Disabled
		}
	}
	return "no such key"
}

// Label is what the bottom line says a key does; "no such key" when there is none.
func Label(v view.View, env view.Env, key string) string {
	for _, a := range v.Actions(env) {
		if slices.Contains(a.Key.Keys(), key) {
			return a.Key.Help().Desc
		}
	}
	return "no such key"
}
