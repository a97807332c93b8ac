package offers

import (
	"slices"
	"strings"
	"testing"

	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

func TestRentFormNamesTheVariablesOfTheAccount(t *testing.T) {
	t.Parallel()
	with := func(names ...string) *feed.Snapshot {
		data := &feed.Snapshot{}
		for _, n := range names {
			data.EnvVars.Value = append(data.EnvVars.Value, vastapi.EnvVar{Name: safetext.New(n), Set: true})
		}
		return data
	}
	said := func(v view.Values, data *feed.Snapshot) string {
		var lines []string
		for _, p := range accountVars(v, data) {
			lines = append(lines, p.Label+" "+p.Value)
		}
		return strings.Join(lines, "\n")
	}
	if got := said(nil, with()); got != "" {
		t.Errorf("without variables it says %q", got)
	}
	if got, want := said(nil, with("A", "B")), "account's A, B: every new instance gets these variables too"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	own := view.Values{fEnv: "-e B=mine"}
	if got, want := said(own, with("A", "B")), "account's A: every new instance gets these variables too\ninstead of the account's B, this form's own"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	many := slices.Repeat([]string{"LONG"}, 9)
	if got := said(nil, with(many...)); !strings.Contains(got, "and 3 more") {
		t.Errorf("%q", got)
	}
}
