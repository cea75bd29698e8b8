<?php

/**
 * Our own words for whoever has chosen another language than Vietnamese.
 */
return [
    'congvu.service' => 'Official mail',
    'congvu.guides' => 'Guides',
    'congvu.trouble' => 'If you cannot sign in, please turn to:',
    'congvu.shared' => 'Shared mailboxes',
];
