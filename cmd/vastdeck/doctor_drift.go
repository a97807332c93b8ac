package main

import (
	"fmt"
	"strings"

	"vastdeck/vastapi"
)

// fieldJSON is one field of the server's answers that is not as it was known to be.
type fieldJSON struct {
	Rows   string `json:"rows"`            // "offers"
	Field  string `json:"field"`           // "inet_down_cost"
	Change string `json:"change"`          // "gone", "empty", "form" or "new"
	Was    string `json:"was,omitempty"`   // "a number"
	Is     string `json:"is,omitempty"`    // "a text"
	In     int    `json:"in"`              // rows it was seen so in
	Of     int    `json:"of"`              // rows looked at
	Means  string `json:"means,omitempty"` // what is missing for the user; "" = nothing
	Other  string `json:"maybe,omitempty"` // the other half of what may be a new name
}

// Limits of what a report says about one kind of rows; --json has all.
const (
	mostFieldNames   = 4
	mostFieldDetails = 12
)

// What to do about answers that have changed.
const (
	nextDrift = "Nothing is wrong on your side, the API seems to have changed: update vastdeck, and if the newest version says the same, send this report to the project."
	nextNews  = "Nothing has to be done: what is new is not shown, and a newer vastdeck may show it."
	nextForm  = "Nothing has to be done: it is read all the same."
)

// noteShape takes in what an answer looks like.
func (d *checkup) noteShape(s vastapi.Shape) {
	if d.shapes == nil {
		d.shapes = map[vastapi.Rows]*vastapi.Shape{}
	}
	if d.shapes[s.What] == nil {
		d.shapes[s.What] = &vastapi.Shape{}
	}
	d.shapes[s.What].Add(s)
}

// lookAtDrift tells whether answers had a shape that is not known. unread is how many
// rows of each kind could not be read in whole answers, of which a shape sees the
// beginning.
func (d *checkup) lookAtDrift(unread map[vastapi.Rows]int) {
	var looked []string
	changed := false
	for _, what := range vastapi.AllRows() {
		shape := d.shapes[what]
		if shape == nil {
			continue
		}
		drift := shape.Drift()
		drift.Unread = max(drift.Unread, unread[what])
		if what == vastapi.RowsAccount || what == vastapi.RowsPages {
			drift.Unread = 0 // that the whole answer cannot be read is said where it was asked for
		}
		if drift.Unread > 0 || len(drift.Deviations) > 0 {
			d.putDrift(drift)
			changed = true
		}
		if what != vastapi.RowsPages {
			looked = append(looked, rowsSeen(what, drift.Rows))
		}
	}
	if !changed && len(looked) > 0 {
		d.put("answers", isOK, "", "every row could be read, and every field is as it was known: %s", strings.Join(looked, ", "))
	}
}

// rowsSeen is a number of rows in words.
func rowsSeen(what vastapi.Rows, n int) string {
	if what == vastapi.RowsAccount {
		return "the account"
	}
	return manyOf(n, strings.TrimSuffix(string(what), "s"))
}

// putDrift adds the line of one kind of rows: short, with a sentence for each field below it.
func (d *checkup) putDrift(drift vastapi.Drift) {
	v, next := isOK, nextForm
	switch {
	case drift.Harms():
		v, next = isWarn, nextDrift
	case drift.Count(vastapi.FieldNew) > 0:
		next = nextNews
	}
	d.put("answers", v, next, "%s: %s", drift.What, strings.Join(summary(drift), ", "))
	f := &d.found[len(d.found)-1]
	for n, dev := range drift.Deviations {
		f.Fields = append(f.Fields, fieldJSON{
			Rows: string(drift.What), Field: d.cleared(dev.Field), Change: string(dev.Change), Was: dev.Was, Is: dev.Is,
			In: dev.In, Of: dev.Of, Means: dev.Means, Other: d.cleared(dev.Other),
		})
		if n < mostFieldDetails {
			f.details = append(f.details, d.cleared(deviationSentence(drift.What, dev)))
		}
	}
	if more := len(drift.Deviations) - mostFieldDetails; more > 0 {
		f.details = append(f.details, fmt.Sprintf("And %s: `vastdeck doctor --json` has all.", manyOf(more, "more field")))
	}
}

// summary is what has changed, in numbers and names.
func summary(drift vastapi.Drift) []string {
	var parts []string
	if n := drift.Unread; n > 0 {
		text := manyOf(n, "row") + " could not be read and " + areOf(n) + " left out everywhere"
		if drift.Why != "" {
			text += " (" + drift.Why + ")"
		}
		parts = append(parts, text)
	}
	for _, c := range []struct {
		change vastapi.Change
		words  string
	}{{vastapi.FieldGone, "gone"}, {vastapi.FieldEmpty, "empty"}, {vastapi.FieldForm, "of another kind"}, {vastapi.FieldNew, "new"}} {
		n := drift.Count(c.change)
		if n == 0 {
			continue
		}
		var names []string
		for _, v := range drift.Deviations {
			if v.Change == c.change && len(names) < mostFieldNames {
				names = append(names, v.Field)
			}
		}
		list := strings.Join(names, ", ")
		if n > len(names) {
			list += " …"
		}
		parts = append(parts, fmt.Sprintf("%s %s (%s)", manyOf(n, "field"), c.words, list))
	}
	return parts
}

// deviationSentence says what became of a field and what that means.
func deviationSentence(what vastapi.Rows, v vastapi.Deviation) string {
	where := fmt.Sprintf("%d of %s", v.In, rowsSeen(what, v.Of))
	switch {
	case v.Of == 1 || what == vastapi.RowsAccount || what == vastapi.RowsPages:
		where = "the answer"
	case v.In == v.Of:
		where = "all " + rowsSeen(what, v.Of)
	}
	text := v.Field
	switch v.Change {
	case vastapi.FieldGone:
		text += " is not told any more"
		if v.Other != "" {
			text += ", perhaps as " + v.Other
		}
	case vastapi.FieldEmpty:
		text += " is empty in " + where
	case vastapi.FieldForm:
		text += fmt.Sprintf(" is %s in %s and was %s", v.Is, where, v.Was)
		if v.Means == "" {
			return text + ", which is read all the same."
		}
	case vastapi.FieldNew:
		text += " is new, " + v.Is
		if v.Other != "" {
			text += ", perhaps for " + v.Other
		}
		return text + "."
	}
	return text + ": " + v.Means + "."
}

// areOf is the verb of a number of things.
func areOf(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
