package vastsim

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// offerAliases are the server's own second names.
var offerAliases = map[string]string{
	"reliability2": "reliability", "dphtotal": "dph_total", "gpu_totalram": "gpu_total_ram",
	"ubuntu_version": "os_version", "driver_version": "driver_vers",
}

// thousandfold are the aliases whose values come in GB.
var thousandfold = map[string]string{
	"gpu_totalram_GB": "gpu_total_ram", "cpu_ram_GB": "cpu_ram", "gpu_ram_GB": "gpu_ram",
}

// reader gives the cell of a named column of an R.
type reader[R any] func(column string) func(R) cell

// readerOf reads the columns of one row type.
func readerOf(cols columns) reader[reflect.Value] {
	return func(column string) func(reflect.Value) cell {
		c := cols[column]
		return func(row reflect.Value) cell { return cellAt(row, c) }
	}
}

// virtualTest compiles the filter of a column that exists for filtering only;
// found is false for all others.
func virtualTest[R any](name string, ops any, at reader[R]) (t func(R) bool, found bool, err error) {
	var read func(R) cell
	want := boolean
	switch name {
	case "id":
		// Filtering on id has been seen to match nothing.
		want, read = number, func(R) cell { return cell{} }
	case "verified":
		verification := at("verification")
		read = func(row R) cell { return flag(verification(row).text == "verified") }
	case "datacenter":
		hosting := at("hosting_type")
		read = func(row R) cell { return flag(hosting(row).num == 1) }
	case "external":
		// Rows say null, and `external eq false` finds them all the same.
		external := at("external")
		read = func(row R) cell { return flag(external(row).num == 1) }
	case "geolocation":
		place := at("geolocation")
		want, read = text, func(row R) cell { return country(place(row)) }
	default:
		return nil, false, nil
	}
	t, err = condition(ops, want, read)
	return t, true, err
}

// offerTest compiles the filter of one column, real, virtual or aliased.
func offerTest[R any](name string, ops any, at reader[R]) (func(R) bool, error) {
	if t, found, err := virtualTest(name, ops, at); found {
		return t, err
	}
	switch name {
	case "allocated_storage":
		name = "disk_space"
	case "target_reliability":
		name = "expected_reliability"
	case "driver_version":
		ops = driverNumbers(ops)
	}
	if real, found := thousandfold[name]; found {
		mega := at(real)
		return condition(ops, number, func(row R) cell {
			c := mega(row)
			c.num /= 1000
			return c
		})
	}
	return columnTest(name, ops, offerColumns(), offerAliases, at)
}

// columnTest compiles the filter of a real or aliased column.
func columnTest[R any](name string, ops any, cols columns, aliases map[string]string, at reader[R]) (func(R) bool, error) {
	if real, found := aliases[name]; found {
		name = real
	}
	c, found := cols[name]
	if !found {
		return nil, fmt.Errorf("%s is not a valid search key", name)
	}
	return condition(ops, c.kind, at(name))
}

func flag(b bool) cell {
	if b {
		return cell{kind: boolean, num: 1}
	}
	return cell{kind: boolean}
}

// country is the code a place is filtered by: its last two letters. A place
// spelt without a code has the code of its country all the same, because the
// service compares hashes, not texts.
func country(c cell) cell {
	if c.kind == null {
		return c
	}
	if c.text == "Norway" {
		return cell{kind: text, text: "NO"}
	}
	if n := len(c.text); n >= 2 {
		return cell{kind: text, text: c.text[n-2:]}
	}
	return c
}

// driverNumbers turns dotted driver versions inside ops into the coded form.
func driverNumbers(ops any) any {
	m, ok := ops.(map[string]any)
	if !ok {
		return ops
	}
	code := func(v any) any {
		if s, ok := v.(string); ok && strings.Contains(s, ".") {
			return float64(driverCode(s))
		}
		return v
	}
	out := map[string]any{}
	for op, v := range m {
		if list, ok := v.([]any); ok {
			next := make([]any, len(list))
			for i := range list {
				next[i] = code(list[i])
			}
			out[op] = next
			continue
		}
		out[op] = code(v)
	}
	return out
}

// driverCode is a driver version as one number, three digits a part.
func driverCode(version string) int64 {
	parts := strings.Split(version, ".")
	for len(parts) < 3 {
		parts = append(parts, "0")
	}
	var n int64
	for _, p := range parts[:3] {
		d, _ := strconv.ParseInt(p, 10, 64)
		n = n*1000 + d
	}
	return n
}
