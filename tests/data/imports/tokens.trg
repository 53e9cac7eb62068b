the house sleeps
it rains
