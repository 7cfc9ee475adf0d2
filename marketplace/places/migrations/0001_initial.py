import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Province',
            fields=[
                ('code', models.CharField(max_length=2, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('type', models.CharField(max_length=20)),
                ('folded', models.CharField(max_length=60)),
                ('sort_key', models.CharField(max_length=200)),
            ],
            options={
                'verbose_name': 'tỉnh, thành phố',
                'verbose_name_plural': 'tỉnh, thành phố',
                'ordering': ['sort_key', 'code'],
            },
        ),
        migrations.CreateModel(
            name='Commune',
            fields=[
                ('code', models.CharField(max_length=5, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80)),
                ('type', models.CharField(max_length=20)),
                ('folded', models.CharField(max_length=80)),
                ('sort_key', models.CharField(max_length=240)),
                ('lat', models.DecimalField(decimal_places=5, max_digits=8, null=True)),
                ('lon', models.DecimalField(decimal_places=5, max_digits=8, null=True)),
                ('province', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='communes', to='places.province')),
            ],
            options={
                'verbose_name': 'xã, phường, đặc khu',
                'verbose_name_plural': 'xã, phường, đặc khu',
                'ordering': ['sort_key', 'code'],
                'indexes': [models.Index(fields=['province', 'sort_key'], name='commune_by_province'), models.Index(fields=['folded'], name='commune_by_folded')],
            },
        ),
        migrations.CreateModel(
            name='FormerUnit',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('old_ward_code', models.CharField(blank=True, db_index=True, max_length=5)),
                ('old_ward', models.CharField(blank=True, max_length=80)),
                ('old_district', models.CharField(max_length=80)),
                ('old_province', models.CharField(max_length=60)),
                ('is_default', models.BooleanField()),
                ('is_divided', models.BooleanField()),
                ('folded', models.CharField(max_length=80)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former_units', to='places.commune')),
            ],
            options={
                'verbose_name': 'đơn vị cũ',
                'verbose_name_plural': 'đơn vị cũ',
                'indexes': [models.Index(fields=['folded'], name='former_by_folded')],
                'constraints': [models.UniqueConstraint(fields=('old_ward_code', 'old_ward', 'old_district', 'old_province', 'commune'), name='former_unit_once')],
            },
        ),
        migrations.CreateModel(
            name='MarketSite',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('kind', models.CharField(choices=[('market', 'Chợ'), ('ocop_point', 'Điểm giới thiệu OCOP')], max_length=10, verbose_name='loại')),
                ('name', models.CharField(max_length=120, verbose_name='tên')),
                ('address_line', models.CharField(blank=True, max_length=200, verbose_name='địa chỉ')),
                ('opening_note', models.CharField(blank=True, max_length=200, verbose_name='giờ mở cửa')),
                ('lat', models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True, verbose_name='vĩ độ')),
                ('lon', models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True, verbose_name='kinh độ')),
                ('folded', models.CharField(max_length=140)),
                ('sort_key', models.CharField(max_length=400)),
                ('is_demo', models.BooleanField(default=False)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='market_sites', to='places.commune', verbose_name='xã, phường, đặc khu')),
            ],
            options={
                'verbose_name': 'chợ, điểm giới thiệu',
                'verbose_name_plural': 'chợ, điểm giới thiệu',
                'indexes': [models.Index(fields=['sort_key', 'id'], name='market_site_by_name')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('lat__isnull', True), ('lon__isnull', True)), models.Q(('lat__isnull', False), ('lat__range', (-90, 90)), ('lon__isnull', False), ('lon__range', (-180, 180))), _connector='OR'), name='market_site_lies_on_earth', violation_error_message='Bạn điền cả vĩ độ và kinh độ, hoặc để trống cả hai.')],
            },
        ),
    ]
