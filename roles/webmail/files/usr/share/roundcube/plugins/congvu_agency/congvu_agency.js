/**
 * Find people in the list with or without their marks, and print a slip.
 */
'use strict';

window.addEventListener('DOMContentLoaded', () => {
    document.getElementById('congvu-print')?.addEventListener('click', () => window.print());

    const search = document.getElementById('congvu-search');
    if (!search) {
        return;
    }
    const plain = (text) => text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd');
    // Not what stands in every row: the domain, and what the last cell has to say.
    const cells = (row) => [...row.cells].slice(0, -1).flatMap((cell) => [...cell.querySelectorAll('*'), cell]);
    const told = (row) => cells(row).map((part) => part.textContent.replace(/@.*/, '')).join(' ');
    const rows = [...document.querySelectorAll('#congvu-people tbody tr')].map((row) => [row, ` ${plain(told(row))}`]);

    search.addEventListener('input', () => {
        const words = plain(search.value).split(/\s+/).map((word) => ` ${word}`);
        for (const [row, text] of rows) {
            row.hidden = !words.every((word) => text.includes(word));
        }
        document.getElementById('congvu-nobody').hidden = rows.some(([row]) => !row.hidden);
    });
    search.focus();
});
