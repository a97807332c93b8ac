package vastsim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// The kinds of faults that change the shape of rows, as a new version of the service
// would. They name a field: Fault.Field, or KIND=FIELD in ParseFault.
const (
	RenameField Kind = "rename" // Field is "OLD>NEW": the field has another name
	AddField    Kind = "add"    // every row has one more field, a number
	DropField   Kind = "drop"   // no row has the field
	WordsField  Kind = "words"  // a number becomes words that hold it, "about 0.25"
)

var driftKinds = []Kind{RenameField, AddField, DropField, WordsField}

// parseDrift reads KIND=FIELD; false when it is no such kind.
func parseDrift(s string) (kind Kind, field string, is bool, err error) {
	name, field, named := strings.Cut(s, "=")
	kind = Kind(strings.ToLower(name))
	if !slices.Contains(driftKinds, kind) {
		return "", "", false, nil
	}
	old, fresh, two := strings.Cut(field, ">")
	if !named || old == "" || two != (kind == RenameField) || two && fresh == "" {
		return "", "", true, fmt.Errorf("want %s=FIELD, or rename=OLD>NEW", kind)
	}
	return kind, field, true, nil
}

// drift changes the shape of one row.
func (f Fault) drift(row map[string]any) {
	old, fresh, _ := strings.Cut(f.Field, ">")
	v, has := row[old]
	switch {
	case f.Kind == AddField:
		row[old] = 1
	case !has:
	case f.Kind == RenameField:
		delete(row, old)
		row[fresh] = v
	case f.Kind == DropField:
		delete(row, old)
	case f.Kind == WordsField:
		if n, isNumber := v.(json.Number); isNumber {
			row[old] = "about " + n.String()
		}
	}
}

// holdsRows reports whether an answer is about several things.
func holdsRows(top map[string]any) bool {
	for _, v := range top {
		if _, isList := v.([]any); isList {
			return true
		}
	}
	return false
}
