package offerql

import "strings"

// resolve finds what a bare word means.
func resolve(text string) word {
	t := text
	if strings.IndexByte(t, '_') >= 0 {
		t = strings.TrimSpace(strings.ReplaceAll(t, "_", " "))
	}
	if place, ok := findPlace(t); ok {
		return word{class: placeWord, text: place, low: lowerASCII(place)}
	}
	w := word{text: t, low: lowerASCII(t)}
	if gpuContains(w.low) {
		w.class = gpuWord
	} else if s := tight(w.low); len(s) >= minTight && gpusWithTight(s) != nil {
		w.class, w.low, w.tight = gpuWord, s, true
	}
	return w
}

// gpus are the names of the catalogue that w is in.
func (w *word) gpus() []string {
	if w.tight {
		return gpusWithTight(w.low)
	}
	return gpusWith(w.low)
}

// in reports whether w is in the name of a GPU.
func (w *word) in(name string) bool {
	if w.class == patternWord {
		return w.re.MatchString(name)
	}
	if w.tight {
		return containsTight(name, w.low)
	}
	return containsFold(name, w.low)
}

// words reads a bare word, or alternatives, with a minus or without.
func (p *parser) words() (term, *Error) {
	start := p.i
	t := term{op: opWords}
	if c := p.s[p.i]; c == '-' || c == '!' {
		t.op = opNotWords
		p.i++
	}
	for {
		w, err := p.bareWord(start)
		if err != nil {
			return term{}, err
		}
		if p.table == volumeTable && w.class == gpuWord {
			w = word{text: w.text, low: lowerASCII(w.text)} // a volume has no GPU
		}
		t.words = append(t.words, w)
		if p.end() || p.s[p.i] != '|' {
			break
		}
		p.i++
	}
	if p.end() || p.space(p.i) > 0 {
		return t, nil
	}
	if p.s[p.i-1] == '"' || p.s[p.i-1] == '\'' {
		return t, nil
	}
	if t.op == opNotWords && strings.IndexByte("=<>!", p.s[p.i]) >= 0 {
		return term{}, &Error{Col: start, Len: 1, Kind: BadText, Text: "a " + p.s[start:start+1] + " goes before words only; turn the operator round instead"}
	}
	return term{}, &Error{Col: p.i, Len: max(p.run(p.i)-p.i, 1), Kind: BadText, Text: "this cannot be part of a word; put it in quotes to look for it"}
}

func (p *parser) bareWord(start int) (word, *Error) {
	if p.end() {
		return word{}, &Error{Col: start, Len: p.i - start, Kind: Unfinished, Text: "a word is missing"}
	}
	if isPattern(p.s[p.i]) {
		p.i++
		return p.pattern()
	}
	if q := p.s[p.i]; q == '"' || q == '\'' {
		n := strings.IndexByte(p.s[p.i+1:], q)
		if n < 0 {
			return word{}, &Error{Col: p.i, Len: len(p.s) - p.i, Kind: Unfinished, Text: "the quote is not closed"}
		}
		text := strings.TrimSpace(strings.ReplaceAll(p.s[p.i+1:p.i+1+n], "_", " "))
		if text == "" {
			return word{}, &Error{Col: p.i, Len: n + 2, Kind: BlankValue, Text: "there is nothing in the quotes"}
		}
		p.i += n + 2
		return p.meaning(text), nil
	}
	from, to := p.i, p.word(p.i)
	text := p.s[from:to]
	p.i = to
	if strings.Trim(text, "_.-/+#") == "" {
		return word{}, &Error{Col: start, Len: max(to-start, 1), Kind: BadText, Text: "a word has letters or digits"}
	}
	// A word cannot be told from the beginning of a field until it is followed by something.
	if e := p.notAWord(text, from, start); e != nil {
		return word{}, e
	}
	return p.meaning(text), nil
}

// meaning finds what a bare word means, unless only its place is wanted.
func (p *parser) meaning(text string) word {
	if p.placing {
		return word{text: text}
	}
	w := resolve(text)
	if !p.table.own {
		return w
	}
	if w.class != placeWord {
		w = word{text: w.text, low: lowerASCII(w.text)} // all texts have the same right
	}
	w.loose, w.typed = true, strings.ReplaceAll(text, "_", " ")
	return w
}

// notAWord refuses texts that are something else than a word: fields without an
// operator, operators, quantities.
func (p *parser) notAWord(text string, from, start int) *Error {
	e := &Error{Col: from, Len: len(text), Kind: BadOperator}
	switch {
	case isReserved(text):
		e.Text = `all terms must hold; for either word write a|b`
		if _, ok := wordOp(text); ok || text == "not" {
			e.Text = "an operator needs a field before it"
		}
		return e
	case start == from && p.field(text) != nil:
		e.Text = "an operator is missing behind " + text
		if p.end() {
			e.Kind = Unfinished
		}
		return e
	case start == from && p.end() && p.table.begins(text):
		e.Kind, e.Text = Unfinished, "the beginning of a field"
		return e
	case isRange(text):
		e.Text = "a range needs a field before it, e.g. gpu_ram=24..48"
		return e
	case isSize(text):
		e.Text, e.Suggest = "a size needs a field before it", "gpu_ram="+text
		return e
	}
	return nil
}

func isRange(text string) bool { return strings.Contains(text, "..") }

// isSize reports whether text is an amount of memory such as 24GB.
func isSize(text string) bool {
	_, suffix, ok := cutNumber(text)
	if !ok || len(suffix) < 2 {
		return false
	}
	_, ok = findUnit(ramField, suffix)
	return ok
}

// wordCodes are the countries of a term whose words are all places, else nil.
func (t term) wordCodes() []string {
	var out []string
	for _, w := range t.words {
		if w.class != placeWord {
			return nil
		}
		if out == nil && len(t.words) == 1 {
			return placeCodes(w.text)
		}
		out = append(out, placeCodes(w.text)...)
	}
	return out
}

// wordGPUs are the catalogue's names for a term whose words are all GPUs, else nil.
func (t term) wordGPUs() []string {
	var out []string
	for _, w := range t.words {
		if w.class != gpuWord {
			return nil
		}
		out = append(out, w.gpus()...)
	}
	return out
}
