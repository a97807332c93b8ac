package offerql

import "strconv"

// ErrorKind is the class of an Error.
type ErrorKind string

// The kinds of errors.
const (
	// Unfinished: the last token is the beginning of something; whoever types
	// has not come to the end of it, and nothing need be said yet.
	Unfinished ErrorKind = "unfinished"
	// UnknownField: there is no field of that name.
	UnknownField ErrorKind = "unknown field"
	// BadOperator: an operator is missing, unknown, or not for this field.
	BadOperator ErrorKind = "operator"
	// BlankValue: there is no value where one is needed.
	BlankValue ErrorKind = "blank"
	// BadNumber: the value is not a number, or its unit does not fit the field.
	BadNumber ErrorKind = "number"
	// BadValue: the value cannot be one of this field.
	BadValue ErrorKind = "value"
	// BadScale: the number is on another scale than the field, so that the
	// term would admit everything or nothing (reliability is 0 to 1).
	BadScale ErrorKind = "scale"
	// BadWildcard: "any" was combined with an operator other than "=".
	BadWildcard ErrorKind = "wildcard"
	// Conflict: two terms cannot both hold.
	Conflict ErrorKind = "conflict"
	// UnknownOption: a line of the official client has an option it does not know.
	UnknownOption ErrorKind = "unknown option"
	// BadPattern: the regular expression behind a "~" cannot be read.
	BadPattern ErrorKind = "pattern"
	// BadText: a character that belongs to no term.
	BadText ErrorKind = "text"
)

// Error says what is wrong with a query, and where.
type Error struct {
	Col, Len int       // byte offset and length of the text that is wrong
	Kind     ErrorKind // what class of mistake
	Text     string    // what is wrong, in the user's words
	Suggest  string    // what could stand in place of the text that is wrong, "" = nothing
}

// Error is the text, where it is and the suggestion in one line.
func (e *Error) Error() string {
	s := "reading query: column " + strconv.Itoa(e.Col+1) + ": " + e.Text
	if e.Suggest != "" {
		s += " (did you mean " + e.Suggest + "?)"
	}
	return s
}
