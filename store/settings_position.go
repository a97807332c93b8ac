package store

import (
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// position is a place in a file, from 1.
type position struct{ line, column int }

// keyPositions returns where each dotted key and table of a valid TOML document stands. The
// decoder tells positions only of what it refuses itself.
func keyPositions(data []byte) map[string]position {
	found := map[string]position{}
	var p unstable.Parser
	p.Reset(data)
	table, numbered := "", map[string]int{}
	for p.NextExpression() {
		e := p.Expression()
		switch e.Kind {
		case unstable.Table:
			table = noteKey(&p, found, "", e)
		case unstable.ArrayTable: // its elements are numbered from 1
			name := noteKey(&p, found, "", e)
			numbered[name]++
			table = name + "[" + strconv.Itoa(numbered[name]) + "]"
			start := p.Shape(firstKey(e).Raw).Start
			found[table] = position{line: start.Line, column: start.Column}
		case unstable.KeyValue:
			noteKeyValue(&p, found, table, e)
		}
	}
	return found
}

// firstKey is the first part of the name of a table.
func firstKey(e *unstable.Node) *unstable.Node {
	parts := e.Key()
	parts.Next()
	return parts.Node()
}

// noteKeyValue notes the key and, if its value is an inline table, the keys in that.
func noteKeyValue(p *unstable.Parser, found map[string]position, table string, e *unstable.Node) {
	name := noteKey(p, found, table, e)
	if e.Value().Kind != unstable.InlineTable {
		return
	}
	children := e.Value().Children()
	for children.Next() {
		noteKeyValue(p, found, name, children.Node())
	}
}

// noteKey notes where the key of e begins, for every part of it, and returns its full name.
func noteKey(p *unstable.Parser, found map[string]position, table string, e *unstable.Node) string {
	name := table
	parts := e.Key()
	for parts.Next() {
		part := parts.Node()
		name = strings.TrimPrefix(name+"."+string(part.Data), ".")
		if _, ok := found[name]; !ok {
			start := p.Shape(part.Raw).Start
			found[name] = position{line: start.Line, column: start.Column}
		}
	}
	return name
}
