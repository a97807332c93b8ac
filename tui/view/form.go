package view

// Form is a form as data: the dialog package draws it and moves through it.
type Form struct {
	ID     string
	Title  string
	Intro  []Pair
	Fields []Field
	// Panel is what follows from the values, e.g. the price. It stands beside
	// the fields where there is room, is called for every frame and must be quick.
	Panel func(Values) []Pair
	// Sum is the panel in one line. It stands above the button where there is no
	// room for the panel beside the fields.
	Sum func(Values) string
	// Check names the fields that cannot be used, and why; keys are field keys.
	// It is called after every change and must be quick.
	Check func(Values) map[string]string
	// React, when set, is called after the field key was changed to v[key] and
	// gives fields that change with it.
	React func(key string, v Values) Values
	// Submit makes the effect once Check found nothing. The form stays open
	// under the dialog that follows, so that nothing typed is lost.
	Submit func(Env, Values) Effect
	// Closed, when set, is told what was filled in when the user closes the form
	// without handing it in, so that it can begin with that the next time.
	Closed func(Env, Values) Effect
	Focus  string // the field that has the focus at first; "" = the first one
	Button string
	Busy   string // what is said while Submit is waited for; "" = "working it out…"
	Keys   []FormKey
}

// Field is one line of a form.
type Field struct {
	Key, Label, Value string
	Unit, Help        string
	Limit             int // runes; 0 = 256
	Kind              FieldKind
	// Options are what a Choice chooses from, and what a Text offers while it is typed.
	Options []Option
	Section string            // a heading above the field
	When    func(Values) bool // whether the field applies; nil = always. One that does not is not shown and keeps its value
}

// FieldKind says how a field is filled in.
type FieldKind int

// The kinds of fields.
const (
	Text   FieldKind = iota // a line
	Secret                  // a line that shows bullets
	Choice                  // one of Options, with left, right or space
	Toggle                  // "yes" or "", with space
	Lines                   // text of several lines; ctrl+e opens it in the editor
	File                    // the path of a text file; its text is the value of Key+FileText once it was read
)

// FileText is appended to the key of a File field for the text of that file.
const FileText = "/text"

// Yes is the value of a Toggle that is on.
const Yes = "yes"

// Option is something that can be chosen.
type Option struct {
	Value string // what the field's value becomes
	Label string // what is shown for it; "" = Value
	Help  string
}

// Shown is what is shown for the option.
func (o Option) Shown() string {
	if o.Label != "" {
		return o.Label
	}
	return o.Value
}

// FormKey is a key that does something while a form is open.
type FormKey struct {
	Key, Label string
	Act        func(Env, Values) Effect
}

// Values are a form's texts by field key.
type Values map[string]string

// On reports whether a Toggle is on.
func (v Values) On(key string) bool { return v[key] == Yes }

// Pair is a labelled fact. One without a label is a heading.
type Pair struct {
	Label, Value string
	Warn         bool
}
