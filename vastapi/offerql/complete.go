package offerql

import (
	"cmp"
	"slices"
	"strings"
)

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
	return complete(s, cursor, known, offerTable)
}

// CompleteVolumes is Complete for a query that ParseVolumes reads.
func CompleteVolumes(s string, cursor int, known Known) []Candidate {
	return complete(s, cursor, known, volumeTable)
}

func complete(s string, cursor int, known Known, t *table) []Candidate {
	cursor = min(max(cursor, 0), len(s))
	p := parser{scanner: scanner{s: s[:cursor], table: t}}
	start := p.lastTerm()
	c := completion{known: known, to: cursor, table: t}
	if start < cursor && (s[start] == '-' || s[start] == '!') {
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
		if c.joined(s, start) {
			return c.list
		}
		c.from = start
		c.fields(s[start:cursor])
		c.words(s[start:cursor])
		return c.list
	}
	f := p.field(s[start:end])
	if f == nil {
		return nil
	}
	o, found := p.operatorAt(end)
	switch {
	case !found && p.skip(end) == cursor:
		c.from = cursor
		c.operators(f)
	case found && (o.op == opLike || o.op == opNotLike):
		return nil // a pattern is the user's own
	case found && o.text == "":
		c.from = p.itemStart(p.skip(o.end))
		c.values(f, s[c.from:cursor], o.op)
	}
	return c.list
}

// lastTerm finds the beginning of the term that the text ends in.
func (p *parser) lastTerm() int {
	p.placing = true
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

// mostJoined is how many words before the cursor may belong to one name: RTX PRO
// 6000 has three.
const mostJoined = 3

// joined adds the GPUs whose name holds the word at start together with the words
// before it, with which they take its place: "rtx 4090" is one name.
func (c *completion) joined(s string, start int) bool {
	if c.table != offerTable || start == c.to {
		return false
	}
	found := false
	for from, n := start, 0; n < mostJoined; n++ {
		end := len(strings.TrimRight(s[:from], " "))
		if end == from || end == 0 {
			break
		}
		from = strings.LastIndexByte(s[:end], ' ') + 1
		words := strings.Join(strings.Fields(strings.ReplaceAll(s[from:c.to], "_", " ")), " ")
		names := c.gpusWith(lowerASCII(words))
		if !plainText(words) || names == nil {
			break
		}
		c.from, c.list, found = from, nil, true
		for _, name := range names {
			val := value{kind: isText, text: name}
			_, known := gpuExact(name)
			val.exact = !known
			c.add(printText(val, gpuField), "GPU", c.known[gpuField.Name][name])
		}
	}
	slices.SortStableFunc(c.list, func(a, b Candidate) int { return cmp.Compare(b.Count, a.Count) })
	return found
}

// gpusWith lists the names, of the catalogue and at hand, that contain low.
func (c *completion) gpusWith(low string) []string {
	var out []string
	for _, name := range c.all(gpuField, gpuNames) {
		if strings.Contains(lowerASCII(name), low) {
			out = append(out, name)
		}
	}
	return out
}

// Whole reports whether the token that ends at the cursor is complete: a finished
// value, or a name that is one of the candidates. To offer more than that would
// only stand in the way.
func Whole(s string, cursor int, list []Candidate) bool { return whole(s, cursor, list, offerTable) }

func whole(s string, cursor int, list []Candidate, t *table) bool {
	cursor = min(max(cursor, 0), len(s))
	p := parser{scanner: scanner{s: s[:cursor], table: t}}
	start := p.lastTerm()
	if start == cursor {
		return false
	}
	for _, c := range list {
		if n := cursor - c.From; n > 0 && len(c.Text) == n && sameName(strings.ReplaceAll(c.Text, "_", " "), s[c.From:cursor]) {
			return true
		}
	}
	end := p.word(start)
	o, found := p.operatorAt(end)
	f := p.field(s[start:end])
	if f == nil || !found || o.text != "" || f.Kind != Number || p.skip(o.end) == cursor {
		return false
	}
	last := parser{scanner: scanner{s: s[start:cursor], table: t}}
	_, err := last.term()
	return err == nil // a number that may have a unit is a number without it
}

// completion collects candidates.
type completion struct {
	known    Known
	table    *table
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
		for _, f := range c.table.fields {
			if name := f.nameLike(low, inside); name != "" {
				c.add(name, f.help(), 0)
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

// help is what a field is, and in which unit its numbers are typed.
func (f *Field) help() string {
	if f.Unit == "" {
		return f.Help
	}
	return f.Help + " (" + f.Unit + ")"
}

// words adds GPUs and places for a bare word.
func (c *completion) words(typed string) {
	if typed == "" {
		return
	}
	for _, f := range c.table.words {
		c.values(f, typed, opWords)
	}
}

func (c *completion) operators(f *Field) {
	for _, o := range f.Ops {
		c.add(o, opHelp[o], 0)
	}
}

var opHelp = map[string]string{
	"=": "is; a..b is a range, a,b one of several, any takes the condition away", "!=": "is not", ">": "is more than", ">=": "is at least",
	"<": "is less than", "<=": "is at most", "in": "is one of [a,b]", "notin": "is none of [a,b]", "~": "is like a regular expression, e.g. ~^RTX.40", "!~": "is not like a regular expression",
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
		names := gpuNames
		if c.table.own {
			names = nil // what there is can be listed
		}
		for _, name := range c.all(f, names) {
			c.value(f, name, low, "GPU", c.known[f.Name][name])
		}
	case Place:
		c.places(f, low)
	case Number:
		c.ids(f, typed)
		c.units(f, typed)
	case Name:
		for _, v := range c.texts(f, low) {
			c.value(f, v, low, f.Help, c.known[f.Name][v])
		}
	}
	slices.SortStableFunc(c.list[from:], func(a, b Candidate) int { return cmp.Compare(b.Count, a.Count) })
	if o == opEq && strings.HasPrefix("any", low) {
		c.add("any", f.Name+" does not matter", 0)
	}
}

// maxIDs is how many hosts or machines are listed: a market has thousands.
const maxIDs = 50

// ids adds the hosts or machines at hand whose number begins with typed, those
// with most offers first.
func (c *completion) ids(f *Field, typed string) {
	from := len(c.list)
	for v, n := range c.known[f.Name] {
		if strings.HasPrefix(v, typed) {
			c.add(v, f.Help, n)
		}
	}
	slices.SortFunc(c.list[from:], func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Text, b.Text))
	})
	c.list = c.list[:min(len(c.list), from+maxIDs)]
}

// units adds a number with the units that it may carry.
func (c *completion) units(f *Field, typed string) {
	num, suffix, ok := cutNumber(typed)
	if !ok {
		return
	}
	for _, u := range f.mainUnits() {
		if len(u) > len(suffix) && strings.HasPrefix(strings.ToLower(u), strings.ToLower(suffix)) {
			c.add(num+u, f.Help+" in "+u, 0)
		}
	}
}

// mainUnits are the units of a field that are worth showing; each has more spellings.
func (f *Field) mainUnits() []string {
	switch f.dim {
	case memory, cardMemory:
		return []string{"GB", "MB"}
	case size:
		return []string{"GB", "TB"}
	case days:
		return []string{"d", "h"}
	case speed:
		return []string{"Mbps", "Gbps"}
	case fraction:
		return []string{"%"}
	case hours:
		return []string{"h", "d"}
	}
	return nil
}

// all are the values of a table and those at hand, each once, sorted.
func (c *completion) all(f *Field, table []string) []string {
	out := append(slices.Clone(table), c.known.of(f)...)
	slices.Sort(out)
	return slices.Compact(out)
}

// texts are the values of a field that may contain low. In a table of one's own each
// of thousands of rows may have a name of its own, so that only those values are
// listed that most rows have.
func (c *completion) texts(f *Field, low string) []string {
	if !c.table.own {
		return c.all(f, nil)
	}
	best := make([]string, 0, maxIDs+1)
	counts := c.known[f.Name]
	before := func(a, b string) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) }
	for v := range counts {
		if !containsFold(v, low) && strings.IndexByte(v, '_') < 0 {
			continue
		}
		if len(best) == maxIDs && before(v, best[maxIDs-1]) > 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(best, v, before)
		best = slices.Insert(best, at, v)[:min(len(best)+1, maxIDs)]
	}
	for _, v := range f.values {
		if !slices.Contains(best, v) {
			best = append(best, v)
		}
	}
	return best
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
