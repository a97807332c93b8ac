package tui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/view"
	"vastdeck/tui/widget/help"
	"vastdeck/tui/widget/palette"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// stopped is a program that shows one instance, which is stopped.
func stopped(t *testing.T) *Model {
	t.Helper()
	i := instance(20000001, "exited", 0)
	i.Intended, i.Cur, i.Next = safetext.New("stopped"), safetext.New("stopped"), safetext.New("stopped")
	m := told(root(t, true, nil), time.Now(), []vastapi.Instance{i})
	m.open(view.Instances, i.ID)
	m.View()
	return m
}

// labelsOf are the names of entries.
func labelsOf(list []palette.Entry) []string {
	var out []string
	for _, e := range list {
		out = append(out, e.Name)
	}
	return out
}

func TestActionsAreFoundByTheWordsThatPeopleTypeForThem(t *testing.T) {
	t.Parallel()
	m := stopped(t)
	for line, want := range map[string]string{
		"kill": "destroy…", "rm": "destroy…", "delete": "destroy…", "remove": "destroy…", "kill instance": "destroy…", "terminate": "destroy…",
		"label": "rename…", "rename": "rename…", "exit": "quit", "leave": "quit", "restart": "reboot…", "shell": "ssh",
		"exec": "run a command…", "scp": "copy files…", "tunnel": "forward a port…", "raise": "change the bid…", "resume": "start",
		"inbox": "notices", "reload": "refresh now", "env": "image, env, on start…", "billing": "Cost", "spot": "Bids", "profile": "ctx PROFILE",
	} {
		list, helped := labelsOf(m.find(line).Entries), []string{}
		if i := slices.IndexFunc(list, func(name string) bool { return strings.HasPrefix(name, want) }); i < 0 || i > 5 {
			t.Errorf("%q finds %q, not %q among the first", line, list[:min(len(list), 6)], want)
		}
		if strings.Contains(line, " ") || want == "Cost" || want == "Bids" || strings.HasPrefix(want, "ctx") {
			continue // the help lists keys alone
		}
		for _, i := range help.Match(m.keys(), line) {
			helped = append(helped, i.Label)
		}
		if !slices.ContainsFunc(helped, func(label string) bool { return strings.HasPrefix(label, want) }) {
			t.Errorf("in the help %q finds %q", line, helped)
		}
	}
}

func TestAKeyThatDoesOneOfTwoThingsIsFoundByBoth(t *testing.T) {
	t.Parallel()
	m := stopped(t)
	var now string
	for _, a := range m.current().Actions(m.env()) {
		if a.Key.Keys()[0] == "S" {
			now = a.Key.Help().Desc
		}
	}
	if !strings.HasPrefix(now, "start") || strings.Contains(now, "stop") {
		t.Fatalf("the key of a stopped instance says %q", now)
	}
	for _, line := range []string{"start", "stop"} {
		if list := labelsOf(m.find(line).Entries); !slices.Contains(list, now) {
			t.Errorf("%q finds %q", line, list)
		}
		if !slices.ContainsFunc(help.Match(m.keys(), line), func(i help.Item) bool { return i.Key == "S" }) {
			t.Errorf("the help does not find it by %q", line)
		}
	}
}

func TestOtherWordsAddNothingThatWasNotMeant(t *testing.T) {
	t.Parallel()
	m := stopped(t)
	for line, most := range map[string]int{"kill": 6, "label": 8, "exit": 6, "scp": 3, "exec": 5, "tunnel": 7, "zebra": 0, "instance": 40} {
		if list := labelsOf(m.find(line).Entries); len(list) > most {
			t.Errorf("%q finds %d: %q", line, len(list), list)
		}
	}
	for _, i := range help.Match(m.keys(), "e") {
		if text := strings.ToLower(i.Group + i.Key + i.Label + i.Disabled); !strings.Contains(text, "e") {
			t.Errorf("one letter finds %+v by a word that is not shown", i)
		}
	}
}

func TestOtherWordsAreForActionsThatThereAre(t *testing.T) {
	t.Parallel()
	m := root(t, true, nil)
	var names []string
	for _, list := range m.catalogue() {
		for _, n := range list {
			names = append(names, nameOf(n.label))
		}
	}
	m.open(view.Account, nil)
	for _, a := range typed(m, "K").current().Actions(m.env()) {
		names = append(names, nameOf(a.Key.Help().Desc))
	}
	for _, s := range synonyms {
		if !slices.ContainsFunc(names, s.fits) {
			t.Errorf("nothing is called %q", s.label)
		}
	}
	for name := range viewWords {
		if m.catalogue()[name] == nil {
			t.Errorf("there is no view %q", name)
		}
	}
	for name := range verbWords {
		if verbOf(name) == nil {
			t.Errorf("there is no command %q", name)
		}
	}
}
