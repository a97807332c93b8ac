package vastsim

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// A cell is one value of a row as the filter sees it: null, a number, a
// yes-or-no or a text.
type cell struct {
	kind kind
	num  float64
	text string
}

type kind int

const (
	null kind = iota
	number
	boolean
	text
)

// columns maps a row type's JSON names to its fields and kinds.
type columns map[string]columnInfo

type columnInfo struct {
	index int
	kind  kind
}

// columnsOf reads the JSON tags of a struct type. Fields that hold lists or
// objects cannot be filtered or sorted by.
func columnsOf(row any) columns {
	t := reflect.TypeOf(row)
	out := columns{}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		ft := t.Field(i).Type
		if ft.Kind() == reflect.Pointer {
			ft = ft.Elem()
		}
		switch ft.Kind() {
		case reflect.Int, reflect.Int64, reflect.Float64:
			out[name] = columnInfo{i, number}
		case reflect.Bool:
			out[name] = columnInfo{i, boolean}
		case reflect.String:
			out[name] = columnInfo{i, text}
		case reflect.Interface:
			out[name] = columnInfo{i, null}
		}
	}
	return out
}

// cellAt reads one field of a row.
func cellAt(row reflect.Value, c columnInfo) cell {
	v := row.Field(c.index)
	if v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return cell{}
		}
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Int, reflect.Int64:
		return cell{kind: number, num: float64(v.Int())}
	case reflect.Float64:
		return cell{kind: number, num: v.Float()}
	case reflect.Bool:
		if v.Bool() {
			return cell{kind: boolean, num: 1}
		}
		return cell{kind: boolean}
	case reflect.String:
		return cell{kind: text, text: v.String()}
	}
	return cell{}
}

// compare orders two cells of the same kind.
func (c cell) compare(o cell) int {
	if c.kind == text {
		return cmp.Compare(c.text, o.text)
	}
	return cmp.Compare(c.num, o.num)
}

// coerce turns a value of a request into the kind of its column: the official
// client sends every number as a string.
func coerce(v any, want kind) (cell, error) {
	switch x := v.(type) {
	case nil:
		return cell{}, nil
	case bool:
		n := 0.0
		if x {
			n = 1
		}
		if want == text {
			return cell{kind: text, text: strconv.FormatBool(x)}, nil
		}
		return cell{kind: want, num: n}, nil
	case float64:
		if want == text {
			return cell{kind: text, text: strconv.FormatFloat(x, 'f', -1, 64)}, nil
		}
		return cell{kind: want, num: x}, nil
	case string:
		return coerceText(x, want)
	}
	return cell{}, fmt.Errorf("%v is not a valid search value", v)
}

func coerceText(s string, want kind) (cell, error) {
	switch want {
	case text, null:
		return cell{kind: text, text: s}, nil
	case boolean:
		switch strings.ToLower(strings.TrimSpace(s)) {
		case "true", "1":
			return cell{kind: boolean, num: 1}, nil
		case "false", "0":
			return cell{kind: boolean}, nil
		}
		return cell{}, fmt.Errorf("%s is not a valid bool", s)
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || n != n {
		return cell{}, fmt.Errorf("%s is not a valid number", s)
	}
	return cell{kind: number, num: n}, nil
}

// A test is one compiled condition on a row.
type test = func(reflect.Value) bool

// condition compiles {op: value, …} on the cells that read gives of an R. All
// operations have to hold.
func condition[R any](ops any, want kind, read func(R) cell) (func(R) bool, error) {
	m, ok := ops.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%v is not a valid search op", ops)
	}
	var tests []func(R) bool
	for _, op := range slices.Sorted(keysOf(m)) {
		t, err := operation(op, m[op], want, read)
		if err != nil {
			return nil, err
		}
		tests = append(tests, t)
	}
	return func(row R) bool {
		for _, t := range tests {
			if !t(row) {
				return false
			}
		}
		return true
	}, nil
}

func keysOf[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// operation compiles one op. A null column satisfies nothing but eq null and
// in [null].
func operation[R any](op string, value any, want kind, read func(R) cell) (func(R) bool, error) {
	if op == "in" || op == "notin" || op == "nin" {
		return membership(op == "in", value, want, read)
	}
	accept, ok := map[string]func(int) bool{
		"eq":  func(c int) bool { return c == 0 },
		"neq": func(c int) bool { return c != 0 },
		"lt":  func(c int) bool { return c < 0 },
		"lte": func(c int) bool { return c <= 0 },
		"gt":  func(c int) bool { return c > 0 },
		"gte": func(c int) bool { return c >= 0 },
	}[op]
	if !ok {
		return nil, fmt.Errorf("%s is not a valid search op", op)
	}
	v, err := coerce(value, want)
	if err != nil {
		return nil, err
	}
	return func(row R) bool {
		c := read(row)
		switch {
		case v.kind == null:
			return op == "eq" && c.kind == null || op == "neq" && c.kind != null
		case c.kind == null:
			return false
		}
		return accept(c.compare(v))
	}, nil
}

func membership[R any](in bool, value any, want kind, read func(R) cell) (func(R) bool, error) {
	list, ok := value.([]any)
	if !ok {
		return nil, fmt.Errorf("%v is not a valid list", value)
	}
	var set []cell
	withNull := false
	for _, x := range list {
		v, err := coerce(x, want)
		if err != nil {
			return nil, err
		}
		if v.kind == null {
			withNull = true
			continue
		}
		set = append(set, v)
	}
	return func(row R) bool {
		c := read(row)
		if c.kind == null {
			return in && withNull
		}
		return slices.ContainsFunc(set, func(v cell) bool { return v.compare(c) == 0 }) == in
	}, nil
}

// ordering is one compiled sort key.
type ordering struct {
	name   string
	column columnInfo
	desc   bool
}

// sortRows orders rows by keys; nulls come last whatever the direction, and
// rows that compare equal keep their order.
func sortRows[T any](rows []*T, keys []ordering) {
	if len(keys) == 0 {
		return
	}
	type keyed struct {
		row   *T
		cells []cell
	}
	tmp := make([]keyed, len(rows))
	for i := range rows {
		v := reflect.ValueOf(rows[i]).Elem()
		cells := make([]cell, len(keys))
		for j, k := range keys {
			cells[j] = cellAt(v, k.column)
		}
		tmp[i] = keyed{rows[i], cells}
	}
	slices.SortStableFunc(tmp, func(a, b keyed) int {
		return compareKeys(a.cells, b.cells, keys)
	})
	for i := range tmp {
		rows[i] = tmp[i].row
	}
}

// compareKeys orders two rows by the cells of their sort keys.
func compareKeys(a, b []cell, keys []ordering) int {
	for j, k := range keys {
		x, y := &a[j], &b[j]
		switch {
		case x.kind == null && y.kind == null:
			continue
		case x.kind == null:
			return 1
		case y.kind == null:
			return -1
		}
		if c := x.compare(*y); c != 0 {
			if k.desc {
				return -c
			}
			return c
		}
	}
	return 0
}
