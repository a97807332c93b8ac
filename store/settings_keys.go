package store

import (
	"maps"
	"slices"
	"strings"
)

// KeyBinding gives an action of the full-screen program other keys than its own. Which
// actions there are is not known here.
type KeyBinding struct {
	Where  string   // the key in config.toml, dotted, e.g. "keys.market.rent"; see Settings.Mistake
	Scope  string   // the name of a view, "everywhere" or "tables"
	Action string   // the name of the action there
	Keys   []string // none = it has no key
}

// KeyPreset is the set of keys that was chosen, "" = none.
func (s Settings) KeyPreset() string {
	name, _ := s.Keys["preset"].(string)
	return name
}

// KeyBindings are the keys that were given to actions, in the order of their names.
func (s Settings) KeyBindings() []KeyBinding {
	var list []KeyBinding
	for _, scope := range slices.Sorted(maps.Keys(s.Keys)) {
		table, _ := s.Keys[scope].(map[string]any)
		for _, action := range slices.Sorted(maps.Keys(table)) {
			keys, _ := keyList(table[action])
			list = append(list, KeyBinding{Where: "keys." + scope + "." + action, Scope: scope, Action: action, Keys: keys})
		}
	}
	return list
}

// WithKeysOf is s with the keys, but not the commands, of another.
func (s Settings) WithKeysOf(o Settings) Settings {
	s.Keys, s.Places = o.Keys, o.Places
	return s
}

// Mistake is something wrong about what stands at a key of config.toml, which whoever
// knows its meaning has found.
func (s Settings) Mistake(where, reason string) error {
	e := &SettingsError{Key: where, Reason: reason}
	if s.Places != nil {
		at := nearestPlace(s.Places.at, where)
		e.Path, e.Line, e.Column = s.Places.path, at.line, at.column
	}
	return e
}

// Places is where the keys of a file stand.
type Places struct {
	path string
	at   map[string]position
}

// nearestPlace is where a key stands or, when it was left out, its table.
func nearestPlace(at map[string]position, key string) position {
	for {
		if pos, ok := at[key]; ok {
			return pos
		}
		dot := strings.LastIndexByte(key, '.')
		if dot < 0 {
			return position{}
		}
		key = key[:dot]
	}
}

// keyList reads the value of an action: one key or several.
func keyList(value any) ([]string, bool) {
	switch v := value.(type) {
	case string:
		return []string{v}, v != ""
	case []any:
		list := make([]string, 0, len(v))
		for _, one := range v {
			text, ok := one.(string)
			if !ok || text == "" {
				return nil, false
			}
			list = append(list, text)
		}
		return list, true
	}
	return nil, false
}

// keyProblems checks the shape of the table of keys.
func (s Settings) keyProblems(check func(ok bool, key, reason string)) {
	for _, scope := range slices.Sorted(maps.Keys(s.Keys)) {
		if scope == "preset" {
			_, ok := s.Keys[scope].(string)
			check(ok, "keys.preset", "must be the name of a set of keys, e.g. \"vim\"")
			continue
		}
		table, ok := s.Keys[scope].(map[string]any)
		check(ok, "keys."+scope, "must be a table of actions: write [keys."+scope+"] and an action = \"key\" below it")
		for _, action := range slices.Sorted(maps.Keys(table)) {
			_, ok := keyList(table[action])
			check(ok, "keys."+scope+"."+action, "must be a key, or a list of keys: \"ctrl+n\" or [\"n\", \"ctrl+n\"]")
		}
	}
}
