package rental

// Veiled is Text for a line that is shown and edited: Masked stands for the value of
// every variable, because a name does not tell whether its value is a secret. Flags
// are shown. Unveiled puts the values back.
func (e Env) Veiled() string {
	veiled := make(Env, len(e))
	for k, v := range e {
		if !isFlag(k) {
			v = Masked
		}
		veiled[k] = v
	}
	return veiled.Text()
}

// Unveiled is e with the values of old where e has kept their mask.
func (e Env) Unveiled(old Env) Env {
	out := make(Env, len(e))
	for k, v := range e {
		if before, had := old[k]; had && v == Masked && !isFlag(k) {
			v = before
		}
		out[k] = v
	}
	return out
}
