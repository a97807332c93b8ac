package dialog

import (
	"maps"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/view"
)

// Form is an open form: fields, what follows from them, and the errors beside
// the fields. It keeps everything typed until it is closed.
type Form struct {
	form    view.Form
	fields  []field
	drawn   drawnForm
	at      int // the focused field; len(fields) is the button
	errs    map[string]string
	asked   bool   // the form was handed in once: all mistakes are named
	failed  string // why the last submission came back
	busy    bool   // handed in, waiting
	pending bool   // to be handed in once its file is read
	touched bool   // something was filled in by hand
}

// NewForm opens f with its field Focus focused, else with the first one.
func NewForm(f view.Form) *Form {
	d := &Form{form: f}
	for _, def := range f.Fields {
		d.fields = append(d.fields, newField(def))
	}
	d.errs = d.check()
	d.at = d.next(-1, 1)
	v := d.values()
	for i := range d.fields {
		if f.Focus != "" && d.fields[i].def.Key == f.Focus && d.applies(i, v) {
			d.at = i
		}
	}
	return d
}

// ID is the form's name.
func (d *Form) ID() string { return d.form.ID }

// Fail gives the form back to the user with the reason; its values stay.
func (d *Form) Fail(text string) { d.busy, d.failed = false, text }

// Wait shows that what was handed in is being worked out.
func (d *Form) Wait() { d.busy, d.failed = true, "" }

// Settle ends the waiting after a submission.
// The focus goes to the button: keys typed on are not meant for a field.
func (d *Form) Settle() { d.busy, d.at = false, len(d.fields) }

// Refit gives the form other fields; what was filled in stays where a field has
// the same key, and so does the focus.
func (d *Form) Refit(f view.Form) {
	old := map[string]*field{}
	for i := range d.fields {
		old[d.fields[i].def.Key] = &d.fields[i]
	}
	focus := d.focus()
	d.form, d.at = f, len(f.Fields)
	fields := make([]field, 0, len(f.Fields))
	for i, def := range f.Fields {
		if o := old[def.Key]; o != nil {
			o.refit(def)
			fields = append(fields, *o)
		} else {
			fields = append(fields, newField(def))
		}
		if def.Key == focus {
			d.at = i
		}
	}
	d.fields = fields
	d.errs = d.check()
}

// Fill puts values into fields.
func (d *Form) Fill(v view.Values) {
	d.touched = true // what was looked up for it is not thrown away by a click
	for i := range d.fields {
		if text, ok := v[d.fields[i].def.Key]; ok {
			d.fields[i].set(text)
		}
	}
	d.errs = d.check()
}

// Loaded gives a File field the text that was read, or why it could not be. A
// form that waited for it is handed in.
func (d *Form) Loaded(key, path, text string, err error) Outcome {
	i := slices.IndexFunc(d.fields, func(f field) bool { return f.def.Key == key && f.value() == path })
	if i < 0 {
		return Outcome{} // another path was typed meanwhile
	}
	f := &d.fields[i]
	f.read, f.text, f.failed = path, text, ""
	if err != nil {
		f.failed = err.Error()
	}
	d.changed(key)
	if waited := d.pending; waited {
		d.pending, d.busy = false, false
		return d.submit()
	}
	return Outcome{}
}

func (d *Form) focus() string {
	if d.at < len(d.fields) {
		return d.fields[d.at].def.Key
	}
	return ""
}

func (d *Form) values() view.Values {
	v := make(view.Values, len(d.fields))
	for i := range d.fields {
		f := &d.fields[i]
		v[f.def.Key] = f.value()
		if f.def.Kind == view.File && f.value() != "" && f.read == f.value() {
			v[f.def.Key+view.FileText] = f.text
		}
	}
	return v
}

// applies reports whether a field is shown.
func (d *Form) applies(i int, v view.Values) bool {
	when := d.fields[i].def.When
	return when == nil || when(v)
}

// Update moves between the fields; enter goes to the next one and on the last
// hands the form in; esc closes it.
func (d *Form) Update(msg tea.Msg, _ time.Time) Outcome {
	if k, isKey := msg.(tea.KeyPressMsg); isKey {
		if o, taken := d.key(k.String()); taken {
			return o
		}
	} else if _, isPaste := msg.(tea.PasteMsg); !isPaste {
		return Outcome{}
	}
	if d.busy || d.at >= len(d.fields) {
		return Outcome{}
	}
	if f := &d.fields[d.at]; f.typed(msg) {
		d.touched = true
		d.changed(f.def.Key)
	}
	return Outcome{}
}

// key takes the keys that do not fill in anything.
func (d *Form) key(k string) (Outcome, bool) {
	switch k {
	case "esc":
		if d.at < len(d.fields) && d.fields[d.at].chosen >= 0 && d.fields[d.at].def.Kind == view.Text {
			d.fields[d.at].chosen = -1
			return Outcome{}, true
		}
		return Outcome{Verdict: Closed, Form: d.form, Values: d.values()}, true
	case "tab":
		if d.at < len(d.fields) && !d.busy && d.fields[d.at].take() {
			d.touched = true
			d.changed(d.focus())
			return Outcome{}, true
		}
		return d.move(1), true
	case "shift+tab":
		return d.move(-1), true
	case "down", "up":
		return d.step(k), true
	case "pgdown", "pgup":
		return d.jump(map[string]int{"pgdown": 1, "pgup": -1}[k]), true
	case "enter":
		return d.enter(), true
	case "ctrl+s":
		return d.submit(), true
	case "ctrl+e":
		if d.at < len(d.fields) && d.fields[d.at].def.Kind == view.Lines && !d.busy {
			return Outcome{Verdict: Editing, Form: d.form, Key: d.focus(), Values: d.values()}, true
		}
	}
	for _, own := range d.form.Keys {
		if own.Key == k && !d.busy {
			return Outcome{Verdict: Acted, Form: d.form, Key: k, Values: d.values()}, true
		}
	}
	return Outcome{}, false
}

// step goes to the next or the previous field, through the options that are
// offered below a line.
func (d *Form) step(k string) Outcome {
	if d.at < len(d.fields) {
		f := &d.fields[d.at]
		if n := len(f.offered(mostOffered)); n > 0 {
			switch {
			case k == "down" && f.chosen < n-1:
				f.chosen++
				return Outcome{}
			case k == "up" && f.chosen >= 0:
				f.chosen--
				return Outcome{}
			}
		}
	}
	return d.move(map[string]int{"down": 1, "up": -1}[k])
}

// fieldsAPage is how many fields one press of pgdn goes on.
const fieldsAPage = 6

// jump goes on several fields, but not beyond the button or the first one.
func (d *Form) jump(n int) Outcome {
	var o Outcome
	first := d.next(-1, 1)
	for step := range fieldsAPage {
		if n > 0 && d.at == len(d.fields) || n < 0 && d.at == first {
			break
		}
		if step == 0 {
			o = d.move(n)
			continue
		}
		d.at = d.next(d.at, n)
	}
	return o
}

func (d *Form) enter() Outcome {
	if d.at >= len(d.fields) {
		return d.submit()
	}
	if d.fields[d.at].take() {
		d.touched = true
		d.changed(d.focus())
	}
	if d.next(d.at, 1) < len(d.fields) {
		return d.move(1)
	}
	return d.submit()
}

// changed is called after the field key got another value.
func (d *Form) changed(key string) {
	d.failed = ""
	if d.form.React != nil && key != "" {
		for k, text := range d.form.React(key, d.values()) {
			for i := range d.fields {
				if d.fields[i].def.Key == k && d.fields[i].value() != text {
					d.fields[i].set(text)
				}
			}
		}
	}
	d.errs = d.check()
}

// move leaves the field for the next one that applies.
func (d *Form) move(n int) Outcome {
	var o Outcome
	if d.at < len(d.fields) {
		f := &d.fields[d.at]
		f.left, f.chosen = true, keptChoice(f)
		if f.unread() {
			o = d.reading(f)
		}
	}
	d.at = d.next(d.at, n)
	return o
}

// keptChoice is what stays chosen in a field that is left: options that were
// only offered are not.
func keptChoice(f *field) int {
	if f.def.Kind == view.Choice {
		return f.chosen
	}
	return -1
}

// next is the field, or the button, that follows at in a direction.
func (d *Form) next(at, n int) int {
	size, v := len(d.fields)+1, d.values()
	for {
		at = ((at+n)%size + size) % size
		if at == len(d.fields) || d.applies(at, v) {
			return at
		}
	}
}

func (d *Form) reading(f *field) Outcome {
	return Outcome{Verdict: Reading, Form: d.form, Key: f.def.Key, Path: f.value()}
}

func (d *Form) check() map[string]string {
	errs := map[string]string{}
	v := d.values()
	if d.form.Check != nil {
		maps.Copy(errs, d.form.Check(v))
	}
	for i := range d.fields {
		f := &d.fields[i]
		if f.failed != "" && f.read == f.value() {
			errs[f.def.Key] = f.failed
		}
		if !d.applies(i, v) {
			delete(errs, f.def.Key)
		}
	}
	return errs
}

func (d *Form) submit() Outcome {
	if d.busy {
		return Outcome{}
	}
	d.failed, d.asked = "", true
	v := d.values()
	for i := range d.fields {
		if f := &d.fields[i]; f.unread() && d.applies(i, v) {
			d.busy, d.pending = true, true
			return d.reading(f)
		}
	}
	if d.errs = d.check(); len(d.errs) > 0 {
		for i := range d.fields {
			if d.errs[d.fields[i].def.Key] != "" {
				d.at = i
				return Outcome{}
			}
		}
		for _, text := range d.errs {
			d.failed = text // of no field that is shown
		}
		return Outcome{}
	}
	d.busy = true
	return Outcome{Verdict: Submitted, Form: d.form, Values: v}
}

// mistake is what is wrong with a field, once the user has had the chance to
// fill it in.
func (d *Form) mistake(i int) string {
	f := &d.fields[i]
	if d.asked || f.left && i != d.at {
		return d.errs[f.def.Key]
	}
	return ""
}
