package tui

import (
	"context"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/view"
)

// Keys are the user's own keys.
type Keys struct {
	Preset string // "", "vim" or "arrows"
	Own    []OwnKey
}

// OwnKey gives an action other keys than its own.
type OwnKey struct {
	Where  string // what a mistake in it is told about, e.g. "keys.market.rent"
	Scope  string // where the action is: the name of a view in small letters, "everywhere" or "tables"
	Action string // its name there, as the key table says it
	Keys   []string
}

// The scopes that are no view.
const (
	everywhere = "everywhere"
	inTables   = "tables"
)

// keymap leads from the keys that the user presses to those that actions have by
// themselves. Views know the latter alone.
type keymap struct {
	to   map[string]map[string]string   // by scope: what a key of the user stands for
	gone map[string]map[string]bool     // by scope: keys that do nothing there any more
	of   map[string]map[string][]string // by scope and an action's own first key: the user's keys
}

// keyed is an action with the name by which it can be given other keys.
type keyed struct {
	scope, name, label string
	keys               []string
	fixed              bool // its keys cannot be changed
	danger             bool // it leads to a change
}

// moving is what tables do with keys that no action takes.
var moving = []keyed{
	{name: "row-down", label: "one row down", keys: []string{"down", "j"}},
	{name: "row-up", label: "one row up", keys: []string{"up", "k"}},
	{name: "screen-down", label: "one screen down", keys: []string{"pgdown"}},
	{name: "screen-up", label: "one screen up", keys: []string{"pgup"}},
	{name: "half-screen-down", label: "half a screen down", keys: []string{"ctrl+d"}},
	{name: "half-screen-up", label: "half a screen up", keys: []string{"ctrl+u"}},
	{name: "first-row", label: "the first row", keys: []string{"g", "home"}},
	{name: "last-row", label: "the last row", keys: []string{"G", "end"}},
	{name: "mark", label: "mark the row", keys: []string{"space"}},
	{name: "mark-range", label: "mark from the last marked row to here", keys: []string{"v"}},
	{name: "mark-all", label: "mark all shown", keys: []string{"*"}},
	{name: "mark-others", label: "mark the others instead", keys: []string{"i"}},
}

// nameOf makes the name of an action from its label: its first words, up to what
// follows a colon, a comma or a bracket.
func nameOf(label string) string {
	if i := strings.IndexAny(label, ":;,(…"); i > 0 {
		label = label[:i]
	}
	var b strings.Builder
	for _, word := range strings.FieldsFunc(strings.ToLower(label), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}) {
		if b.Len() > 0 {
			b.WriteByte('-')
		}
		b.WriteString(word)
	}
	return b.String()
}

// neverMoved are the keys that mean the same everywhere, whatever else is changed.
var neverMoved = []string{"ctrl+c", "?", ":", "esc", "1", "2", "3", "4", "5", "6", "7", "8"}

func actionsOf(scope string, list []view.Action) []keyed {
	var out []keyed
	for _, a := range list {
		keys := a.Key.Keys()
		if len(keys) == 0 {
			continue
		}
		label := a.Key.Help().Desc
		n := keyed{scope: scope, name: nameOf(label), label: label, keys: keys}
		n.fixed = slices.ContainsFunc(keys, func(k string) bool { return slices.Contains(neverMoved, k) })
		n.danger = strings.HasSuffix(label, "…") || len(keys[0]) == 1 && keys[0] >= "A" && keys[0] <= "Z" && scope != everywhere
		for also := 2; slices.ContainsFunc(out, func(o keyed) bool { return o.name == n.name }); also++ {
			n.name = nameOf(label) + "-" + strconv.Itoa(also)
		}
		out = append(out, n)
	}
	return out
}

// catalogue is every action as it is in a program that has just begun, by scope.
func (m *Model) catalogue() map[string][]keyed {
	all := map[string][]keyed{everywhere: actionsOf(everywhere, m.actions())}
	for _, n := range moving {
		n.scope = inTables
		all[inTables] = append(all[inTables], n)
	}
	env := m.env()
	for _, t := range newViews(m.theme) {
		scope := m.scope(t)
		all[scope] = actionsOf(scope, t.view.Actions(env))
	}
	return all
}

// scope is the name of a view in the settings.
func (m *Model) scope(t tab) string {
	name, _ := t.view.Title(m.env())
	return nameOf(name)
}

// newKeymap takes over the user's keys; what does not fit was reported by CheckKeys.
func newKeymap(k Keys) keymap {
	km := keymap{to: map[string]map[string]string{}, gone: map[string]map[string]bool{}, of: map[string]map[string][]string{}}
	own := append(preset(k.Preset), k.Own...)
	if len(own) == 0 {
		return km
	}
	// Names are those of a program that has just begun with nothing set: some labels say
	// what a key would do now.
	all := New(context.Background(), Deps{}).catalogue()
	last := map[[2]string]OwnKey{}
	for _, o := range own {
		last[[2]string{o.Scope, o.Action}] = o // the user's own after those of the preset
	}
	for at, o := range last {
		i := slices.IndexFunc(all[at[0]], func(n keyed) bool { return n.name == at[1] && !n.fixed })
		if i >= 0 {
			km.set(all[at[0]][i], o.Keys)
		}
	}
	return km
}

func (km keymap) set(n keyed, keys []string) {
	if km.to[n.scope] == nil {
		km.to[n.scope], km.gone[n.scope], km.of[n.scope] = map[string]string{}, map[string]bool{}, map[string][]string{}
	}
	for _, k := range n.keys {
		if !slices.Contains(keys, k) {
			km.gone[n.scope][k] = true
		}
	}
	for _, k := range keys {
		if !slices.Contains(n.keys, k) {
			km.to[n.scope][k] = n.keys[0]
		}
	}
	km.of[n.scope][n.keys[0]] = keys
}

// changed reports whether the user has given any action another key.
func (km keymap) changed() bool { return len(km.of) > 0 }

// translate is what a key of the user stands for in a scope, and whether it was
// given to something there.
func (km keymap) translate(scope string, k tea.KeyPressMsg) (tea.KeyPressMsg, bool) {
	own, ok := km.to[scope][k.String()]
	if !ok {
		return k, false
	}
	return keyOf(own)
}

// without reports whether a key does nothing in a scope any more.
func (km keymap) without(scope string, k tea.KeyPressMsg) bool { return km.gone[scope][k.String()] }

// help is the key of an action as it is shown.
func (km keymap) help(scope string, a view.Action) string {
	keys := a.Key.Keys()
	if len(keys) > 0 {
		if own, ok := km.of[scope][keys[0]]; ok {
			return strings.Join(own, " ")
		}
	}
	return a.Key.Help().Key
}

// presets are sets of keys that come with the program.
var presets = map[string][]OwnKey{
	"vim": {
		{Scope: inTables, Action: "screen-down", Keys: []string{"pgdown", "ctrl+f"}},
		{Scope: inTables, Action: "screen-up", Keys: []string{"pgup", "ctrl+b"}},
		{Scope: everywhere, Action: "next-view", Keys: []string{"tab", "alt+l"}},
		{Scope: everywhere, Action: "previous-view", Keys: []string{"shift+tab", "alt+h"}},
	},
	"arrows": {
		{Scope: inTables, Action: "row-down", Keys: []string{"down"}},
		{Scope: inTables, Action: "row-up", Keys: []string{"up"}},
		{Scope: inTables, Action: "first-row", Keys: []string{"home"}},
		{Scope: inTables, Action: "last-row", Keys: []string{"end"}},
		{Scope: everywhere, Action: "back", Keys: []string{"[", "alt+left"}},
		{Scope: everywhere, Action: "forward", Keys: []string{"]", "alt+right"}},
		{Scope: everywhere, Action: "next-view", Keys: []string{"tab", "ctrl+right"}},
		{Scope: everywhere, Action: "previous-view", Keys: []string{"shift+tab", "ctrl+left"}},
	},
}

func preset(name string) []OwnKey {
	list := slices.Clone(presets[name])
	for i := range list {
		list[i].Where = "keys.preset"
	}
	return list
}
