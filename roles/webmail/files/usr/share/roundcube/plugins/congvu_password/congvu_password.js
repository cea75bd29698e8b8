/**
 * Tick off, while somebody types, the rules that the new password keeps. The directory has the last word.
 */
'use strict';

window.addEventListener('DOMContentLoaded', () => {
    const [password, again] = ['newpasswd', 'confpasswd'].map((id) => document.getElementById(id));
    const count = (text, pattern) => (text.match(pattern) || []).length;
    const keeps = {
        length: (text, value) => [...text].length >= value,
        upper: (text, value) => count(text, /[A-Z]/g) >= value,
        lower: (text, value) => count(text, /[a-z]/g) >= value,
        digit: (text, value) => count(text, /[0-9]/g) >= value,
        special: (text, value) => count(text, /[!-/:-@[-`{-~]/g) >= value,
        name: (text, value) => text !== '' && !text.toLowerCase().includes(value.toLowerCase()),
    };

    password.addEventListener('input', () => {
        for (const item of document.querySelectorAll('#rules li')) {
            const { rule, value } = item.dataset;
            item.classList.toggle('kept', rule in keeps && keeps[rule](password.value, value));
        }
    });
    for (const field of [password, again]) {
        field.addEventListener('input', () => {
            again.classList.toggle('is-invalid', again.value !== '' && again.value !== password.value);
        });
    }
});
