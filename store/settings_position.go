package store

import (
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
	table := ""
	for p.NextExpression() {
		e := p.Expression()
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = noteKey(&p, found, "", e)
		case unstable.KeyValue:
			noteKeyValue(&p, found, table, e)
		}
	}
	return found
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
