package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"vastdeck/vastapi"
)

// driftOf is what doctor says about rows of one kind.
func driftOf(t *testing.T, what vastapi.Rows, answer string) *checkup {
	t.Helper()
	a := household(t)
	d := &checkup{session: &session{app: a}, hidden: a.homeHidden()}
	shape, err := vastapi.ShapeOf(what, []byte(answer))
	if err != nil {
		t.Fatal(err)
	}
	d.noteShape(shape)
	d.lookAtDrift(map[vastapi.Rows]int{})
	return d
}

// Names of fields come from outside: they act on no terminal, and a long list is cut in
// the text and whole in the data.
func TestNamesOfNewFieldsAreInertAndTheirListIsShort(t *testing.T) {
	t.Parallel()
	var row strings.Builder
	row.WriteString(`{"next_token":null,"total_instances":0,"instances":[],"a\u001b[2Jb\u202ec":1`)
	for n := range 30 {
		fmt.Fprintf(&row, `,"fresh_%02d":"%d"`, n, n)
	}
	d := driftOf(t, vastapi.RowsPages, row.String()+"}")
	if len(d.found) != 1 {
		t.Fatalf("%+v", d.found)
	}
	f := d.found[0]
	if f.Verdict != isOK || !strings.HasPrefix(f.Text, "pages of instances: 31 fields new (") || !strings.HasSuffix(f.Text, " …)") || len(f.Fields) != 31 {
		t.Errorf("%s %q, %d fields", f.Verdict, f.Text, len(f.Fields))
	}
	if len(f.details) != mostFieldDetails+1 || !strings.Contains(f.details[mostFieldDetails], "19 more fields") {
		t.Errorf("%q", f.details)
	}
	var out strings.Builder
	if err := writeReport(&out, doctorJSON{Findings: d.found}, 0); err != nil || strings.ContainsAny(out.String(), "\x1b\u202e") {
		t.Errorf("%v\n%q", err, out.String())
	}
	if err := printJSON(&out, doctorJSON{Findings: d.found}); err != nil || strings.ContainsAny(out.String(), "\x1b\u202e") {
		t.Errorf("%v\n%q", err, out.String())
	}
}

// Rows of which only the beginning was looked at are counted as a whole.
func TestRowsThatCannotBeReadAreCountedInTheWholeAnswer(t *testing.T) {
	t.Parallel()
	a := household(t)
	d := &checkup{session: &session{app: a}, hidden: a.homeHidden()}
	d.noteShape(vastapi.Shape{What: vastapi.RowsInstances, Rows: 256})
	d.lookAtDrift(map[vastapi.Rows]int{vastapi.RowsInstances: 300})
	if f := d.found[0]; f.Verdict != isWarn || !strings.HasPrefix(f.Text, "instances: 300 rows could not be read and are left out everywhere") || f.Next != nextDrift {
		t.Errorf("%+v", f)
	}
}

func TestWhatChangedIsSaidWithWhatItMeans(t *testing.T) {
	t.Parallel()
	for want, v := range map[string]vastapi.Deviation{
		"a is not told any more: x shows as –.":                                   {Field: "a", Change: vastapi.FieldGone, Of: 9, Means: "x shows as –"},
		"a is not told any more, perhaps as b: x shows as –.":                     {Field: "a", Change: vastapi.FieldGone, Of: 9, Means: "x shows as –", Other: "b"},
		"a is empty in all 9 offers: x shows as –.":                               {Field: "a", Change: vastapi.FieldEmpty, In: 9, Of: 9, Means: "x shows as –"},
		"a is a text in 2 of 9 offers and was a number: x shows as –.":            {Field: "a", Change: vastapi.FieldForm, Was: "a number", Is: "a text", In: 2, Of: 9, Means: "x shows as –"},
		"a is a text in the answer and was a number, which is read all the same.": {Field: "a", Change: vastapi.FieldForm, Was: "a number", Is: "a text", In: 1, Of: 1},
		"b is new, a list, perhaps for a.":                                        {Field: "b", Change: vastapi.FieldNew, Is: "a list", In: 9, Of: 9, Other: "a"},
	} {
		if got := deviationSentence(vastapi.RowsOffers, v); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// On a terminal the report is wrapped below what it belongs to; elsewhere each finding
// is a line of its own.
func TestAReportFitsTheTerminal(t *testing.T) {
	t.Parallel()
	d := driftOf(t, vastapi.RowsPages, `{"instances":[],"total_instances":"many","cursor":"x"}`)
	out := doctorJSON{Findings: d.found}
	for _, width := range []int{saidIndent + leastSaid + 3, 60, 80, 200} {
		var text strings.Builder
		if err := writeReport(&text, out, width); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(text.String()) {
			if w := ansi.StringWidth(strings.TrimRight(line, "\n")); w > width {
				t.Errorf("width %d: %d cells: %q", width, w, line)
			}
		}
	}
	var whole strings.Builder
	if err := writeReport(&whole, out, 0); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(whole.String(), "\n"); n != 1+len(d.found[0].details)+1+2 {
		t.Errorf("%d lines:\n%s", n, whole.String())
	}
}

// What is piped goes to no terminal, and nothing is claimed about one.
func TestATerminalIsJudgedOnlyWhenTheReportGoesToOne(t *testing.T) {
	t.Parallel()
	a := household(t)
	file, err := os.CreateTemp(t.TempDir(), "report")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	a.stdout = file
	d := &checkup{session: &session{app: a}, hidden: a.homeHidden()}
	d.lookAtTerminal(t.Context())
	if len(d.found) != 1 || d.found[0].Verdict != isOK || !strings.HasPrefix(d.found[0].Text, "not looked at") || d.outputWidth() != 0 {
		t.Errorf("%+v", d.found)
	}
}
