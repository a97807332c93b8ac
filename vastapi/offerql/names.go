package offerql

import (
	"strconv"
	"strings"
)

// joinGPU takes the words behind gpu_name=RTX into the value as far as they
// make up the name of a GPU: the quotes are what people forget most.
func (p *parser) joinGPU(it item) item {
	if next := p.skip(p.i); p.word(next) == next {
		return it
	} else if _, found := p.operatorAt(p.word(next)); found {
		return it
	}
	best, bestEnd := it.text, p.i
	low := lowerASCII(strings.ReplaceAll(it.text, "_", " "))
	_, known := gpuExact(low)
	for i := p.i; gpuBegins(low); {
		next := p.skip(i)
		end := p.word(next)
		if end == next {
			break
		}
		if _, found := p.operatorAt(end); found || p.s[next] == '-' {
			break
		}
		low += " " + lowerASCII(strings.ReplaceAll(p.s[next:end], "_", " "))
		i = end
		if name, ok := gpuExact(low); ok {
			best, bestEnd, known = name, end, true
		} else if !known && !gpuBegins(low) && !gpuContains(low) {
			// "RTX 6090": no name that is known, but "RTX" alone is none either.
			best, bestEnd = strings.Join(strings.Fields(p.s[it.col:end]), " "), end
			break
		}
	}
	it.text, it.len, p.i = best, bestEnd-it.col, bestEnd
	return it
}

func (p *parser) readGPU(it item) (value, *Error) {
	if name, ok := gpuExact(it.text); ok {
		return value{kind: isText, text: name}, nil
	}
	text := strings.TrimSpace(strings.ReplaceAll(it.text, "_", " "))
	if name, ok := gpuExact(text); ok {
		return value{kind: isText, text: name}, nil
	}
	if text == "" {
		return value{}, &Error{Col: it.col, Len: it.len, Kind: BlankValue, Text: "a value for gpu_name is missing"}
	}
	if it.quoted {
		return value{kind: isText, text: text, exact: true}, nil
	}
	// Part of a name is not a name: the server compares whole ones.
	like := gpusWith(lowerASCII(text))
	if s := tight(lowerASCII(text)); like == nil && len(s) >= minTight {
		like = gpusWithTight(s)
	}
	if like != nil {
		e := &Error{Col: it.col, Len: it.len, Kind: BadValue, Text: "no GPU is called " + text + "; the word " + text + " alone finds all with it in their name"}
		if e.Suggest = strings.ReplaceAll(like[0], " ", "_"); len(like) > 1 {
			e.Suggest = "[" + strings.ReplaceAll(strings.Join(like, ","), " ", "_") + "]"
			e.Text = "no GPU is called " + text + ", but " + strconv.Itoa(len(like)) + " have it in their name; the word " + text + " alone finds them"
			if len(like) > 6 {
				e.Suggest = ""
			}
		}
		if e.Suggest != "" && e.Suggest[0] == '[' && p.s[max(it.col-1, 0)] != ' ' {
			// A list replaces a single value only; inside a list it would nest.
			if before := strings.TrimRight(p.s[:it.col], " "); !strings.HasSuffix(before, "=") {
				e.Suggest = ""
			}
		}
		return value{}, p.atEnd(it, true, e)
	}
	return value{kind: isText, text: text, exact: true}, nil
}

func (p *parser) readPlace(f *Field, it item) (value, *Error) {
	text := strings.TrimSpace(strings.ReplaceAll(it.text, "_", " "))
	if it.quoted && text == "NA" {
		text = "NAMIBIA" // quotes make a code of it, as the server reads it
	}
	if place, ok := findPlace(text); ok {
		return value{kind: isText, text: place}, nil
	}
	e := &Error{Col: it.col, Len: it.len, Kind: BadValue,
		Text: f.Name + " is a country or a region (DE, germany, EU); the word " + text + " alone looks for a town or state"}
	return value{}, p.atEnd(it, beginsPlace(text), e)
}

// beginsPlace reports whether more letters may make s a place.
func beginsPlace(s string) bool {
	if len(s) < 2 {
		return true
	}
	for _, c := range countries {
		if len(c.name) > len(s) && equalFold(c.name[:len(s)], s) {
			return true
		}
	}
	for _, r := range regions {
		if len(r.name) > len(s) && equalFold(r.name[:len(s)], s) {
			return true
		}
	}
	return false
}

// reservedValue reports whether s, without quotes, would not read back as a text.
func reservedValue(s string) bool {
	return s == "any" || s == "null" || s == "None"
}
