package tui

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"vastdeck/tui/widget/palette"
)

// KeyMistake is something about the user's keys that cannot be.
type KeyMistake struct {
	Where  string // the OwnKey's or OwnCommand's
	Reason string // a sentence without a full stop
}

// CheckKeys names what is wrong with the user's own keys and commands: actions that
// there are not, keys that no terminal sends or that are kept for something else, and
// keys that would do two things in one view. It is empty when all is well.
func CheckKeys(k Keys, commands []OwnCommand) []KeyMistake {
	if k.Preset == "" && len(k.Own) == 0 && len(commands) == 0 {
		return nil
	}
	m := New(context.Background(), Deps{})
	c := checking{all: m.catalogue(), own: map[[2]string]OwnKey{}}
	if _, known := presets[k.Preset]; !known && k.Preset != "" {
		c.wrong("keys.preset", "must be one of %s", strings.Join(slices.Sorted(maps.Keys(presets)), ", "))
	}
	for _, o := range preset(k.Preset) {
		c.own[[2]string{o.Scope, o.Action}] = o
	}
	for _, o := range k.Own {
		if c.sound(o) {
			c.own[[2]string{o.Scope, o.Action}] = o
		}
	}
	c.commands(commands)
	for _, scope := range slices.Sorted(maps.Keys(c.all)) {
		if scope != everywhere && scope != inTables {
			c.conflicts(scope)
		}
	}
	c.tellConflicts()
	slices.SortStableFunc(c.found, func(a, b KeyMistake) int { return cmp.Compare(a.Where, b.Where) })
	return slices.Compact(c.found)
}

type checking struct {
	all   map[string][]keyed
	own   map[[2]string]OwnKey // by scope and action
	added map[string][]taken   // by scope: the user's commands
	clash []clash
	found []KeyMistake
}

func (c *checking) wrong(where, reason string, args ...any) {
	c.found = append(c.found, KeyMistake{where, fmt.Sprintf(reason, args...)})
}

// sound checks an own key by itself.
func (c *checking) sound(o OwnKey) bool {
	list, known := c.all[o.Scope]
	if !known {
		c.wrong(o.Where, "there is no view of that name; there are %s", strings.Join(slices.Sorted(maps.Keys(c.all)), ", "))
		return false
	}
	i := slices.IndexFunc(list, func(n keyed) bool { return n.name == o.Action })
	switch {
	case i < 0:
		c.wrong(o.Where, "no action is called so there%s; the README lists them all", nearest(o.Action, list))
		return false
	case list[i].fixed:
		c.wrong(o.Where, "the key of this cannot be changed: %s always means the same", strings.Join(list[i].keys, " "))
		return false
	}
	ok := true
	for _, k := range o.Keys {
		if why := unfit(k, list[i].danger); why != "" {
			c.wrong(o.Where, "%s", why)
			ok = false
		}
	}
	return ok
}

// unfit says why a key cannot be given to anything, or not to what leads to a change.
func unfit(k string, danger bool) string {
	if _, ok := keyOf(k); !ok {
		return fmt.Sprintf("%q is no key: write a letter as it is typed, or ctrl+, alt+ and a letter, or one of %s", k, strings.Join(slices.Sorted(maps.Keys(namedKeys)), " "))
	}
	switch {
	case slices.Contains(neverMoved, k):
		return fmt.Sprintf("%s is kept: it means the same everywhere", k)
	case danger && slices.Contains([]string{"enter", "backspace", "delete", "space"}, k):
		return fmt.Sprintf("%s cannot lead to a change: it is pressed without a thought", k)
	}
	return ""
}

// nearest names an action that may have been meant.
func nearest(name string, list []keyed) string {
	best, score := "", 0
	for _, n := range list {
		rank, ok := palette.NewQuery(strings.ReplaceAll(name, "-", " ")).Rank(n.name)
		if back, also := palette.NewQuery(n.name).Rank(name); also {
			rank, ok = max(rank, back), true
		}
		if ok && rank > score {
			best, score = n.name, rank
		}
	}
	if best == "" {
		return ""
	}
	return ": perhaps " + best
}

// taken is a key that does something in a scope.
type taken struct {
	scope, name, where string
	keys               []string
	usual              []string // those of them that the program has by itself
}

// by is what is to blame for a key, "" = the program itself.
func (t taken) by(k string) string {
	if slices.Contains(t.usual, k) {
		return ""
	}
	return t.where
}

// does is what the key of t does, and where.
func (t taken) does() string {
	switch t.scope {
	case everywhere:
		return fmt.Sprintf("%q everywhere", t.name)
	case inTables:
		return fmt.Sprintf("%q in every list", t.name)
	}
	return fmt.Sprintf("%q in %s", t.name, t.scope)
}

// clash is a key that would do two things.
type clash struct {
	where, key string // what is to blame, and the key
	does       string // what the key does already
}

// takes are the keys that do something in a scope as the user wants it.
func (c *checking) takes(scope string) []taken {
	var out []taken
	for _, n := range c.all[scope] {
		t := taken{scope: scope, name: n.name, keys: n.keys, usual: n.keys}
		if o, ok := c.own[[2]string{scope, n.name}]; ok && !n.fixed {
			t.keys, t.where = o.Keys, o.Where
		}
		out = append(out, t)
	}
	return append(out, c.added[scope]...)
}

// conflicts finds keys that would do two things in a view. Two that the program has
// by itself are meant so.
func (c *checking) conflicts(scope string) {
	by := map[string]taken{}
	for _, list := range [][]taken{c.takes(scope), c.takes(everywhere), c.takes(inTables)} {
		for _, t := range list {
			for _, k := range t.keys {
				other, double := by[k]
				switch {
				case !double:
					by[k] = t
				case t.by(k) != "" && t.where != other.where:
					c.clash = append(c.clash, clash{t.where, k, other.does()})
				case other.by(k) != "" && t.where != other.where:
					c.clash = append(c.clash, clash{other.where, k, t.does()})
				}
			}
		}
	}
}

// mostClashes is how many things that a key does already are named.
const mostClashes = 3

// tellConflicts says of each key once what it does already, in however many views.
func (c *checking) tellConflicts() {
	type at struct{ where, key string }
	does := map[at][]string{}
	for _, x := range c.clash {
		if a := (at{x.where, x.key}); !slices.Contains(does[a], x.does) {
			does[a] = append(does[a], x.does)
		}
	}
	for _, a := range slices.SortedFunc(maps.Keys(does), func(x, y at) int { return cmp.Or(cmp.Compare(x.where, y.where), cmp.Compare(x.key, y.key)) }) {
		list := does[a]
		text := strings.Join(list[:min(len(list), mostClashes)], ", ")
		if n := len(list) - mostClashes; n > 0 {
			text += fmt.Sprintf(" and %d more", n)
		}
		c.wrong(a.where, "%s is what does %s already", a.key, text)
	}
}

// commands checks the user's commands by themselves and takes their keys in.
func (c *checking) commands(list []OwnCommand) {
	c.added = map[string][]taken{}
	for _, o := range list {
		if o.View != everywhere && (c.all[o.View] == nil || o.View == inTables) {
			c.wrong(o.Where+".view", "there is no view of that name")
			continue
		}
		if o.Key == "" {
			continue // the palette finds it
		}
		if why := unfit(o.Key, true); why != "" {
			c.wrong(o.Where+".key", "%s", why)
			continue
		}
		c.added[o.View] = append(c.added[o.View], taken{scope: o.View, name: o.Name, where: o.Where + ".key", keys: []string{o.Key}})
	}
}
