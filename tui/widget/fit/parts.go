package fit

// Parts joins parts with sep in at most w cells, the first ones first: what does not fit
// whole is left out, but for the first, which is cut.
func Parts(w int, sep string, parts ...string) string {
	line := ""
	for n, part := range parts {
		switch {
		case n == 0:
			line = Cut(part, w)
		case Width(line)+Width(sep)+Width(part) > w:
			return line
		default:
			line += sep + part
		}
	}
	return line
}
