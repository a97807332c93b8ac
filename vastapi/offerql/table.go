package offerql

import "slices"

// table is a set of fields that a query is about.
type table struct {
	fields []*Field
	named  map[string]*Field // by name and alias
	names  []string          // all of them, for prefixes and suggestions
	others map[string]string // what people call fields and no spelling mistake leads to
	words  []*Field          // whose values are offered for a bare word
	own    bool              // not of offers or volumes: see Rows
}

// offerTable and volumeTable are what the marketplace can be asked for.
var (
	offerTable = &table{
		fields: chosenFields(func(f *Field) bool { return !f.VolumeOnly }), named: offerFields, names: fieldNames,
		others: otherNames, words: []*Field{gpuField, placeField},
	}
	volumeTable = &table{
		fields: chosenFields(func(f *Field) bool { return f.Volumes }), named: volumeFields, names: fieldNames,
		words: []*Field{placeField}, // a volume has no GPU
	}
)

func chosenFields(keep func(*Field) bool) []*Field {
	return slices.DeleteFunc(slices.Clone(fields), func(f *Field) bool { return !keep(f) })
}

func tableOf(volumes bool) *table {
	if volumes {
		return volumeTable
	}
	return offerTable
}

// begins reports whether s is the beginning of the name of a field. A word that
// begins one of another kind of offers is no word either: it may be a mistake.
func (t *table) begins(s string) bool { return beginsAny(s, t.names) }
