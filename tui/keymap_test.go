package tui

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/view"
)

func TestEveryActionOfAViewHasANameOfItsOwn(t *testing.T) {
	t.Parallel()
	for scope, list := range New(context.Background(), Deps{}).catalogue() {
		seen := map[string]string{}
		for _, n := range list {
			key := strings.Join(n.keys, " ")
			if n.name == "" {
				t.Errorf("%s: %s (%s) has no name", scope, key, n.label)
			}
			if other, twice := seen[n.name]; twice && !n.fixed {
				t.Errorf("%s.%s is the name of %s and of %s", scope, n.name, other, key)
			}
			seen[n.name] = key
		}
	}
}

func TestKeysOfActionsAreKeysThatCanBeNamed(t *testing.T) {
	t.Parallel()
	for scope, list := range New(context.Background(), Deps{}).catalogue() {
		for _, n := range list {
			for _, k := range n.keys {
				msg, ok := keyOf(k)
				if !ok || k != "ctrl+@" && msg.String() != k {
					t.Errorf("%s: %s is read as %q, %v", scope, k, msg.String(), ok)
				}
			}
		}
	}
}

func TestPresetsNameWhatThereIs(t *testing.T) {
	t.Parallel()
	for name := range presets {
		if found := CheckKeys(Keys{Preset: name}, nil); len(found) > 0 {
			t.Errorf("%s: %v", name, found)
		}
		all := New(context.Background(), Deps{}).catalogue()
		for _, o := range presets[name] {
			if !slices.ContainsFunc(all[o.Scope], func(n keyed) bool { return n.name == o.Action }) {
				t.Errorf("%s names %s.%s, which there is not", name, o.Scope, o.Action)
			}
		}
	}
}

func TestTheFooterTheHelpAndTheTableNameTheSameActions(t *testing.T) {
	t.Parallel()
	m := root(t, true, func(d *Deps) {
		d.Keys = Keys{Own: []OwnKey{{Scope: "market", Action: "search", Keys: []string{"ctrl+f"}}, {Scope: everywhere, Action: "quit", Keys: nil}}}
	})
	if got := screen(m); !strings.Contains(got, "ctrl+f search") || strings.Contains(got, "q quit") {
		t.Errorf("the bottom line is\n%s", got)
	}
	for _, i := range m.keys() {
		if i.Label == "search" && i.Key != "ctrl+f" || i.Label == "quit" && i.Group == "Everywhere" && i.Key != "ctrl+c" && i.Key != "" {
			t.Errorf("the help says %+v", i)
		}
	}
	if table := m.KeyTable(); !strings.Contains(table, "| Market | `r` | rent… | `market.rent` |") {
		t.Errorf("the table is\n%s", table)
	}
}

func TestAFormDoesNotKeepTheProgramFromBeingSuspended(t *testing.T) {
	t.Parallel()
	m := root(t, true, nil)
	m.grant(view.Ask{Form: view.Form{ID: "f", Title: "A form", Fields: []view.Field{{Key: "a", Label: "a"}}}}, true)
	cmd := m.onInput(tea.KeyPressMsg{Code: 'z', Mod: tea.ModCtrl})
	if cmd == nil {
		t.Fatal("nothing is done")
	}
	if got := fmt.Sprintf("%T", cmd()); !strings.Contains(got, "Suspend") && !strings.Contains(got, "Batch") {
		t.Errorf("it does %s", got)
	}
	if m.form("f") == nil {
		t.Error("the form is closed by that")
	}
}

func TestAnActionKeepsItsNameWhateverItsLabelSaysNow(t *testing.T) {
	t.Parallel()
	usual := Keys{Own: []OwnKey{{Scope: everywhere, Action: "leave-the-mouse-to-the-terminal", Keys: []string{"f9"}}}}
	if found := CheckKeys(usual, nil); len(found) > 0 {
		t.Fatalf("%v", found)
	}
	for _, without := range []bool{false, true} {
		m := root(t, true, func(d *Deps) { d.Keys, d.NoMouse = usual, without })
		before := m.looks.mouse
		m.onInput(tea.KeyPressMsg{Code: tea.KeyF9})
		if m.looks.mouse == before {
			t.Errorf("with NoMouse = %v the key that was given to it does nothing", without)
		}
	}
}

func TestAKeyThatIsTakenInManyViewsIsReportedOnce(t *testing.T) {
	t.Parallel()
	own := func(action string, keys ...string) OwnKey {
		return OwnKey{Where: "keys.everywhere." + action, Scope: everywhere, Action: action, Keys: keys}
	}
	for _, c := range []struct {
		own  []OwnKey
		want []string
	}{
		{[]OwnKey{own("quit", "j")}, []string{`j is what does "one-line-down" in account, "row-down" in every list already`}},
		{[]OwnKey{own("quit", "/")}, []string{`/ is what does "filter" in activity, `}},
		{[]OwnKey{own("quit", "ctrl+y"), own("back", "ctrl+y")}, []string{`ctrl+y is what does "quit" everywhere already`}},
		{[]OwnKey{own("nonsense", "f9")}, []string{"no action is called so there"}},
		{[]OwnKey{own("quit", "j", "k")}, []string{`j is what`, `k is what`}},
	} {
		found := CheckKeys(Keys{Own: c.own}, nil)
		if len(found) != len(c.want) {
			t.Errorf("%v: %d mistakes, want %d: %v", c.own, len(found), len(c.want), found)
			continue
		}
		for n, want := range c.want {
			if !strings.HasPrefix(found[n].Reason, want) {
				t.Errorf("%v: %q, want %q", c.own, found[n].Reason, want)
			}
		}
	}
}

func TestAKeyThatDoesManyThingsAlreadyNamesSomeOfThem(t *testing.T) {
	t.Parallel()
	found := CheckKeys(Keys{Own: []OwnKey{{Where: "w", Scope: everywhere, Action: "quit", Keys: []string{"/"}}}}, nil)
	if len(found) != 1 || !strings.Contains(found[0].Reason, " more already") || strings.Count(found[0].Reason, " in ") != mostClashes {
		t.Errorf("got %v", found)
	}
}
