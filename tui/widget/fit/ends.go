package fit

// Ends puts left at the beginning of a line of w cells, and at its end the first of the others that has room there.
// Where none has, left is cut or filled up.
func Ends(left string, w int, right ...string) string {
	for _, text := range right {
		if gap := w - Width(left) - Width(text); gap >= 2 {
			return left + Spaces(gap) + text
		}
	}
	return Line(left, w)
}
