//go:build (system || long) && unix

package rental_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/vastsim"
)

// lines are the records of all journals, in the order of a replay.
type lines [][]byte

func (l *lines) Append(line []byte) error {
	*l = append(*l, slices.Clone(line))
	return nil
}

func (l *lines) Replay(fn func([]byte) error) error {
	for _, line := range *l {
		if err := fn(line); err != nil {
			return err
		}
	}
	return nil
}

// history is one account after everything that was done to it, and what the
// journals tell about that.
type history struct {
	instances []vastsim.InstanceState
	asked     []string    // the token of each request to rent, as it arrived
	at        []time.Time // when it did
	journal   lines
}

// Ways in which a journal and an account can disagree.
const (
	lost        = "lost"        // an instance that the journal does not know to be rented
	phantom     = "phantom"     // a rental in the journal that is not in the account
	duplicated  = "duplicated"  // two instances, or two requests, for one intent
	unannounced = "unannounced" // a request that nobody had written down before
	pending     = "pending"     // an operation that is still open
)

// findings are the tokens of the rentals that something is wrong with, by what it is.
type findings map[string][]string

func (f findings) add(what, token string) {
	if !slices.Contains(f[what], token) {
		f[what] = append(f[what], token)
	}
}

func (f findings) String() string {
	var out []string
	for _, what := range slices.Sorted(maps.Keys(f)) {
		out = append(out, fmt.Sprintf("%d %s: %s", len(f[what]), what, strings.Join(f[what], " ")))
	}
	return strings.Join(out, "\n")
}

// compare holds the account against the journal, both ways.
func (h history) compare() (findings, rental.Ops, error) {
	ops, err := rental.Open(&h.journal)
	if err != nil {
		return nil, ops, err
	}
	f := findings{}
	live := map[string][]int64{}
	for _, i := range h.instances {
		_, token := rental.SplitLabel(i.Label)
		if token == "" {
			continue
		}
		live[token] = append(live[token], i.ID)
		op, known := ops.ByToken(token)
		if !known || op.State != rental.OpConfirmed || int64(op.Contract) != i.ID {
			f.add(lost, token)
		}
		if len(live[token]) > 1 {
			f.add(duplicated, token)
		}
	}
	for _, op := range ops.All() {
		if op.State == rental.OpConfirmed && !slices.Contains(live[op.Token], int64(op.Contract)) {
			f.add(phantom, op.Token)
		}
		if op.Open() {
			f.add(pending, op.Token)
		}
	}
	seen := map[string]bool{}
	for _, token := range h.asked {
		if _, known := ops.ByToken(token); !known {
			f.add(unannounced, token)
		}
		if seen[token] {
			f.add(duplicated, token)
		}
		seen[token] = true
	}
	return f, ops, nil
}

// story is everything that is known about one rental, for the reader of a failure.
func (h history) story(token string) string {
	var out []string
	op := ""
	for _, line := range h.journal {
		var r about
		if json.Unmarshal(line, &r) == nil && r.Token == token {
			op = r.Op
		}
	}
	for _, line := range h.journal {
		var r about
		if json.Unmarshal(line, &r) == nil && op != "" && r.Op == op {
			out = append(out, string(line))
		}
	}
	for n, asked := range h.asked {
		if asked == token {
			out = append(out, "request arrived "+h.at[n].UTC().Format(time.RFC3339Nano))
		}
	}
	for _, i := range h.instances {
		if strings.HasSuffix(i.Label, token) {
			out = append(out, fmt.Sprintf("instance %d created %s", i.ID, i.Created.UTC().Format(time.RFC3339Nano)))
		}
	}
	return strings.Join(out, "\n")
}

// askedFor reads the token out of a request to rent.
func askedFor(c vastsim.Call) (string, error) {
	var body struct {
		Label string `json:"label"`
	}
	if err := json.Unmarshal(c.Body, &body); err != nil {
		return "", fmt.Errorf("a request to rent that cannot be read: %w", err)
	}
	_, token := rental.SplitLabel(body.Label)
	if token == "" {
		return "", fmt.Errorf("a request to rent without a token: label %q", body.Label)
	}
	return token, nil
}

// about is what a line of the journal is about.
type about struct {
	Kind  string `json:"kind"`
	Op    string `json:"op"`
	Token string `json:"token"`
}

// without is h after the records of the given kinds were taken out of the
// journal, for the operations with the given tokens.
func (h history) without(t *testing.T, tokens []string, kinds ...string) history {
	t.Helper()
	all := make([]about, len(h.journal))
	taken := map[string]bool{}
	for n, line := range h.journal {
		if err := json.Unmarshal(line, &all[n]); err != nil {
			t.Fatal(err)
		}
		if all[n].Token != "" && slices.Contains(tokens, all[n].Token) {
			taken[all[n].Op] = true
		}
	}
	var kept lines
	for n, line := range h.journal {
		if !taken[all[n].Op] || !slices.Contains(kinds, all[n].Kind) {
			kept = append(kept, line)
		}
	}
	h.journal = kept
	return h
}

// checkNoticed makes sure that the comparison, which found nothing wrong with h,
// finds exactly what is done to it here.
func checkNoticed(t *testing.T, h history) {
	t.Helper()
	var rented []string
	for _, i := range h.instances {
		if _, token := rental.SplitLabel(i.Label); token != "" {
			rented = append(rented, token)
		}
	}
	const some = 3
	if len(rented) < 2*some {
		t.Fatalf("%d rentals are too few to take some away", len(rented))
	}
	chosen := slices.Sorted(slices.Values(rented[len(rented)-some:]))
	isChosen := func(i vastsim.InstanceState) bool {
		_, token := rental.SplitLabel(i.Label)
		return slices.Contains(chosen, token)
	}
	gone, twice, again := h, h, h
	gone.instances = slices.DeleteFunc(slices.Clone(h.instances), isChosen)
	twice.instances = slices.Clone(h.instances)
	for _, i := range h.instances {
		if isChosen(i) {
			i.ID += 1 << 40
			twice.instances = append(twice.instances, i)
		}
	}
	again.asked = append(slices.Clone(h.asked), chosen...)
	for name, c := range map[string]struct {
		h    history
		want []string
	}{
		"no record that it was confirmed": {h.without(t, chosen, "confirmed"), []string{lost, pending}},
		"no record at all":                {h.without(t, chosen, "intent", "sent", "unknown", "confirmed"), []string{lost, unannounced}},
		"no instance":                     {gone, []string{phantom}},
		"an instance too many":            {twice, []string{lost, duplicated}},
		"a request too many":              {again, []string{duplicated}},
	} {
		got, _, err := c.h.compare()
		if err != nil {
			t.Fatal(err)
		}
		want := findings{}
		for _, what := range c.want {
			want[what] = chosen
		}
		for _, list := range got {
			slices.Sort(list)
		}
		if !maps.EqualFunc(got, want, slices.Equal[[]string]) {
			t.Errorf("%s: the comparison finds\n%s\nwant\n%s", name, got, want)
		}
	}
}
