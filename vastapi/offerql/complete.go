package offerql

import (
	"cmp"
	"slices"
	"strings"

	"vastdeck/vastapi"
)

// Known are the values of the offers at hand: canonical name of a field → value
// → how many offers have it.
type Known map[string]map[string]int

// KnownOf counts the values of all fields that are GPU names, places or texts.
func KnownOf(offers []vastapi.Offer) Known {
	k := Known{}
	for _, f := range fields {
		if f.text == nil {
			continue
		}
		counts := map[string]int{}
		for i := range offers {
			if s := f.text(&offers[i]); s != "" {
				counts[s]++
			}
		}
		k[f.Name] = counts
	}
	return k
}

// Candidate is something that may stand at the cursor.
type Candidate struct {
	From, To int    // byte offsets of the text it replaces
	Text     string // what to put there
	Help     string // what it is
	Count    int    // offers at hand that have the value; 0 = none, or not counted
}

// Complete lists what may stand in place of the token that ends at the cursor, a
// byte offset into s; what is likelier comes first. Known may be nil.
func Complete(s string, cursor int, known Known) []Candidate {
	cursor = min(max(cursor, 0), len(s))
	p := parser{scanner: scanner{s: s[:cursor]}}
	start := p.lastTerm()
	c := completion{known: known, to: cursor}
	if start < cursor && s[start] == '-' {
		c.from = start + 1
		c.words(s[c.from:cursor])
		return c.list
	}
	end := p.word(start)
	if bar := strings.LastIndexByte(p.s[start:], '|'); end < cursor && p.s[end] == '|' && p.word(start+bar+1) == cursor {
		c.from = start + bar + 1
		c.words(s[c.from:cursor])
		return c.list
	}
	if end == cursor {
		c.from = start
		c.fields(s[start:cursor])
		c.words(s[start:cursor])
		return c.list
	}
	f := offerFields[s[start:end]]
	if f == nil {
		return nil
	}
	o, found := p.operatorAt(end)
	switch {
	case !found && p.skip(end) == cursor:
		c.from = cursor
		c.operators(f)
	case found && o.text == "":
		c.from = p.itemStart(p.skip(o.end))
		c.values(f, s[c.from:cursor], o.op)
	}
	return c.list
}

// lastTerm finds the beginning of the term that the text ends in.
func (p *parser) lastTerm() int {
	for {
		start := p.skip(p.i)
		p.i = start
		if p.end() {
			return start
		}
		if _, err := p.term(); err != nil || p.end() {
			return start
		}
	}
}

// itemStart finds where the last value of a list begins, i being where the first does.
func (p *parser) itemStart(i int) int {
	for j := i; j < len(p.s); j++ {
		if strings.IndexByte(",|[", p.s[j]) >= 0 {
			i = p.skip(j + 1)
		}
	}
	return i
}

// completion collects candidates.
type completion struct {
	known    Known
	from, to int
	list     []Candidate
}

func (c *completion) add(text, help string, count int) {
	c.list = append(c.list, Candidate{From: c.from, To: c.to, Text: text, Help: help, Count: count})
}

// fields adds the fields that begin with typed, then those that contain it.
func (c *completion) fields(typed string) {
	low := strings.ToLower(typed)
	for _, inside := range []bool{false, true} {
		for _, f := range fields {
			if f.VolumeOnly {
				continue
			}
			if name := f.nameLike(low, inside); name != "" {
				c.add(name, f.Help, 0)
			}
		}
	}
}

// nameLike is the name or alias of f that begins with low or, when inside is
// set, the name that contains it further on.
func (f *Field) nameLike(low string, inside bool) string {
	names := append([]string{f.Name}, f.Aliases...)
	begins := slices.IndexFunc(names, func(n string) bool { return strings.HasPrefix(n, low) })
	switch {
	case !inside && begins >= 0:
		return names[begins]
	case inside && begins < 0 && low != "" && strings.Contains(f.Name, low):
		return f.Name
	}
	return ""
}

// words adds GPUs and places for a bare word.
func (c *completion) words(typed string) {
	if typed == "" {
		return
	}
	for _, f := range []*Field{gpuField, placeField} {
		c.values(f, typed, opWords)
	}
}

func (c *completion) operators(f *Field) {
	for _, o := range f.Ops {
		c.add(o, f.Help, 0)
	}
}

// values adds the values of f that are like typed, those that most offers have first.
func (c *completion) values(f *Field, typed string, o op) {
	low := lowerASCII(strings.ReplaceAll(strings.Trim(typed, `"'`), "_", " "))
	from := len(c.list)
	switch f.Kind {
	case Flag:
		for _, v := range []string{"true", "false"} {
			c.value(f, v, low, "", 0)
		}
	case GPU:
		for _, name := range c.all(gpuField, gpuNames) {
			c.value(f, name, low, "GPU", c.known[f.Name][name])
		}
	case Place:
		c.places(f, low)
	case Name:
		for _, v := range c.all(f, nil) {
			c.value(f, v, low, f.Help, c.known[f.Name][v])
		}
	}
	slices.SortStableFunc(c.list[from:], func(a, b Candidate) int { return cmp.Compare(b.Count, a.Count) })
	if o == opEq && strings.HasPrefix("any", low) {
		c.add("any", f.Name+" does not matter", 0)
	}
}

// all are the values of a table and those at hand, each once, sorted.
func (c *completion) all(f *Field, table []string) []string {
	out := slices.Clone(table)
	for v := range c.known[f.Name] {
		out = append(out, v)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (c *completion) value(f *Field, v, low, help string, count int) {
	if !strings.Contains(lowerASCII(strings.ReplaceAll(v, "_", " ")), low) {
		return
	}
	val := value{kind: isText, text: v}
	if f.Kind == GPU {
		_, ok := gpuExact(v)
		val.exact = !ok
	}
	c.add(printText(val, f), help, count)
}

// places adds countries by code or name and regions with the offers of all their countries.
func (c *completion) places(f *Field, low string) {
	counts := c.known[f.Name]
	for _, r := range regions {
		if n := lowerASCII(r.name); strings.HasPrefix(n, low) {
			sum := 0
			for _, code := range r.codes {
				sum += counts[code]
			}
			c.add(r.name, "region", sum)
		}
	}
	for _, k := range countries {
		if k.code == "NA" {
			continue // reads as the region
		}
		if lowerASCII(k.code) == low || strings.HasPrefix(lowerASCII(k.name), low) {
			c.add(k.code, k.name, counts[k.code])
		}
	}
}
